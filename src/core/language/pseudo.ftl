# A language of nobody's, for tests: a file and a line are all that it takes. What it lacks is said in English.

in-now = [ñóŵ]

word-every = évery
word-monday = mónday
word-oclock = clóck
word-zones = ñówhere=Asia/Kathmandu
word-yes = yés
word-on = ón
word-off = óff
word-all = áll
