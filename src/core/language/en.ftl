# English. `**` stresses what is between. Keys are the same in every language; a test compares them.
# `$place` is given to every message: channel, private (a chat with one person), group, topic (of a group) or server.

# Where we are

this-channel =
    { $place ->
        [private] this chat
        [group] this group
        [topic] this topic
       *[other] this channel
    }
this-channel-first =
    { $place ->
        [private] This chat
        [group] This group
        [topic] This topic
       *[other] This channel
    }
here-follows =
    { $place ->
        [private] You follow
       *[other] { this-channel-first } follows
    }
here-now-follows =
    { $place ->
        [private] You now follow
       *[other] { this-channel-first } now follows
    }
here-now-gets =
    { $place ->
        [private] You now get
       *[other] { this-channel-first } now gets
    }
here-follows-not =
    { $place ->
        [private] You don’t follow
       *[other] { this-channel-first } doesn’t follow
    }
here-follows-no-longer =
    { $place ->
        [private] You no longer follow
       *[other] { this-channel-first } no longer follows
    }
here-now-watches =
    { $place ->
        [private] You now watch for
       *[other] { this-channel-first } now watches for
    }
here-watches =
    { $place ->
        [private] You watch for
       *[other] { this-channel-first } watches for
    }
here-watches-no-longer =
    { $place ->
        [private] You no longer watch for
       *[other] { this-channel-first } no longer watches for
    }
here-still-follows =
    { $place ->
        [private] You still follow
       *[other] It still follows
    }
it-follows =
    { $place ->
        [private] You follow
       *[other] It follows
    }

# Days and times

month-short =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
month-long =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
weekday-short =
    { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[7] Sun
    }
weekday-long =
    { $weekday ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[7] Sunday
    }
day = { $day } { month-short } { $year }
day-of-week = { weekday-long } { $day } { month-long }
moment = { weekday-short } { $day } { month-short } { $time }
moment-with-year = { weekday-short } { $day } { month-short } { $year } { $time }
in-now = in a moment
in-minutes =
    { $count ->
        [one] in { $count } minute
       *[other] in { $count } minutes
    }
in-hours =
    { $count ->
        [one] in { $count } hour
       *[other] in { $count } hours
    }
in-days =
    { $count ->
        [one] in { $count } day
       *[other] in { $count } days
    }
ago-now = just now
ago-minutes =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
ago-hours =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
ago-days =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }

# Words

on = on
off = off
all-sections = all sections
catch-all-title = Other news
next-at = next { $moment }
open-until = as it comes until { $moment }
then = After that: { $moments }.
next-roundup = Next roundup: { $moment }, { $wait }, if there is news by then.

# What commands do, for help and menus

command-latest = newest headlines of a section, or of all
command-read = one item whole
command-sections = the sections there are
command-search = search the archive: words, "phrases", begin*
command-subscribe = follow a section in { this-channel }
command-unsubscribe = stop following a section
command-subscriptions =
    { $place ->
        [private] what you follow, and when
       *[other] what this channel follows, and when
    }
command-schedule = change when roundups come
command-filter = choose what of a section comes: words, -words, or off
command-watch = follow a search: what holds all its words comes at once
command-unwatch = end a watch
command-timezone = show or set the time zone of { this-channel }
command-preview = show what the next roundup would hold
command-roundup = post the next roundup now
command-pause = stop deliveries, for a while or until /resume; nothing is lost
command-resume = let deliveries go on
command-settings = how posts in { this-channel } look
command-suggest = send a link to the editors
command-forget = erase all that is kept about { this-channel }
command-status = last load, next roundup, queue, anything failing
command-help = what this bot does, and its commands
command-start = what this bot does, and its commands

# Help and mistakes

help = Tidings carries news digests into chat. Read with /latest and /search, follow a section with /subscribe.
help-when = When: { $examples }
help-how-long = How long: { $examples }
help-example = For example: { $example }
line-too-long = That is more than { $most } characters. Say it in fewer.
help-managers = Only for managers:
help-own = To choose what comes to you:
help-one = /help subscribe says more about one
not-a-command = I only understand commands, such as /latest. /help lists them.
no-command = There is no command /{ $name }. /help lists those there are.
no-command-near = There is no command /{ $name }. Did you mean /{ $near }? /help lists them all.
takes-nothing = /{ $name } takes nothing after it. Try: /{ $name }
managers-only = Only those who administer { this-channel } can do that.
internal-error = Something went wrong on our side; it is logged as { $number }. Nothing was changed.
no-section = There is no section “{ $name }”. /sections lists all { $count }.
no-section-near = There is no section “{ $name }”. Did you mean **{ $near }**? /sections lists all { $count }.
no-section-near-two = There is no section “{ $name }”. Did you mean **{ $near }** or **{ $other }**? /sections lists all { $count }.
which-section = Which section? There are { $slugs }; all means every one. Try: /{ $command } { $example } daily 09:00
which-section-of-many = Which section? There are { $slugs } and { $more } more (/sections lists them); all means every one. Try: /{ $command } { $example } daily 09:00
which-followed = Which section? { here-follows } { $slugs }. Try: /{ $command } { $example }
which-followed-of-many = Which section? { here-follows } { $slugs } and { $more } more (/subscriptions lists them). Try: /{ $command } { $example }
not-a-count = { $got } isn’t a number of headlines; it goes from 1 to { $most }. Try: /latest 5
left-over = I don’t understand “{ $rest }” here: this command takes a section and nothing else. Try: /unsubscribe { $slug }

# When

when-missing = When? Try: { $command } { $example }
when-unknown = “{ $got }” isn’t a schedule. It can be: { $names }. Try: { $command } { $example }
when-unknown-near = “{ $got }” isn’t a schedule. Did you mean **{ $near }**? Try: { $command } { $example }
when-not-a-time = { $got } isn’t a time of day. Try: { $command } { $example }
when-missing-time = “{ $got }” needs a time of day. Try: { $command } { $example }
when-unknown-day = { $got } isn’t a day of the week. Try: { $command } { $example }
when-missing-day = “{ $got }” needs a day. Try: { $command } { $example }
when-empty-window = “{ $got }” ends when it begins. For the whole day: **instant**. For a part of it: { $command } { $example }
when-not-a-day-of-month = { $got } isn’t a day of the month; it goes from 1 to 31. Try: { $command } { $example }
when-cron-fields = A cron schedule has five fields (minute, hour, day, month, weekday); “{ $got }” has { $count }. Try: { $command } { $example }
when-cron-long = That cron schedule is too long. Try: { $command } { $example }
when-cron-field = “{ $text }” can’t be the { $field } of a cron schedule. Try: { $command } { $example }
when-cron-step = “{ $text }” is more than the whole { $field } field of a cron schedule, so it wouldn’t come when you expect. Try: { $command } { $example }
when-cron-wraps = “{ $text }” goes backwards; in a cron schedule that takes two ranges. Try: { $command } { $example }
cron-minute = minute
cron-hour = hour
cron-day-of-month = day of the month
cron-month = month
cron-day-of-week = day of the week
cron-pattern = pattern
when-several = “{ $got }” could mean **{ $first }** or **{ $second }**. Try: { $command } { $example }
when-several-both = “{ $got }” could mean **{ $first }** or **{ $second }**. To get all of them: { $command } { $example }
when-nearest = There is no schedule for “{ $got }”. Nearest are **{ $first }** and **{ $second }**. Try: { $command } { $example }
when-twice = “{ $got }” could mean twice a week: **{ $first }**. Or every two weeks, which isn’t possible; nearest is the 1st and the 15th of each month, **{ $second }**. Try: { $command } { $example }
when-every-second-week = There is no schedule for “{ $got }”: none leaves a week out. Nearest are every week, **{ $first }**, and the 1st and the 15th of each month, **{ $second }**. Try: { $command } { $example }
when-once = “{ $got }” could mean from then on, again and again: **{ $example }**. Or only once, which isn’t possible: a schedule goes on. Try: { $command } { $example }
when-zoned = Times are those of { this-channel }’s zone, { $zone }. If that isn’t yours: /timezone { $zones }. Then: { $command } { $example }
when-zoned-unclear = Times are those of { this-channel }’s zone, { $zone }. “{ $got }” could be { $zones }; /timezone { $near } sets one. Then: { $command } { $example }
when-never = “{ $got }” never comes: no date fits it. Try: { $command } { $example }
when-too-many = I don’t understand “{ $got }” here. Try: { $command } { $example }

# Reading

latest-of-all = Latest headlines
latest-note = { $to } of { $total }, newest first
latest-note-older = { $from }–{ $to } of { $total }, newest first
latest-note-single = number { $to } of { $total }, newest first
latest-empty = Nothing has been loaded yet, so there is no news to show.
latest-empty-section = Nothing in { $title } yet.
latest-end-of-all = That was all there is.
latest-end = That was all in { $title }.
read-what = Which item? Its number stands beside each headline. Try: /read 1
read-not-a-number = “{ $got }” isn’t an item’s number. It stands beside each headline. Try: /read 1
read-no-item = There is no item { $number }. /latest shows the newest ones.
read-gone = Item { $number } is no longer in the archive. /latest shows the newest ones.
read-source = from { $source }
read-waits = It waits for the editors: readers don’t see it yet.
read-reports = Also reported by:
read-story = { $count ->
    [one] The same story from another source:
   *[other] The same story from other sources:
}
read-there = On the web: { $url }
read-before = Before this:
read-next = Page { $page } of { $pages } · /read { $number } { $next } goes on
read-no-page = Item { $number } has { $pages ->
    [one] one page
   *[other] { $pages } pages
}. Try: /read { $number }
answer-more =
    { $count ->
        [one] { $count } more doesn’t fit here; ask for fewer at once.
       *[other] { $count } more don’t fit here; ask for fewer at once.
    }
sections-title =
    { $count ->
        [one] { $count } section
       *[other] { $count } sections
    }
sections-note =
    { $items ->
        [one] { $items } item
       *[other] { $items } items
    }
sections-more =
    { $count ->
        [one] One more section, with older items. A part of its name finds it: /latest name
       *[other] { $count } more sections, with older items. A part of its name finds each: /latest name
    }
sections-items =
    { $count ->
        [0] empty
        [one] { $count } item
       *[other] { $count } items
    }
search-what = What for? Try: /search "working group" envoy
search-ask = What are you looking for? Reply to this message with the words.
search-how = Type /search and then the words, for example: /search envoy
question-too-much = That would take too long to look up. Please ask for less at once: longer words, or fewer of them.
search-too-much = That is more than can be searched for at once: at most { $words } words and { $letters } characters.
search-no-word = There is no word in “{ $words }” to search for. Try: /search summit
search-nothing = Nothing found for “{ $words }”. The newest item is from { $newest }. Fewer words, or a beginning such as summ*, may find more.
search-nothing-word = Nothing found for “{ $words }”. The newest item is from { $newest }. A beginning may find more: { $search }
search-nothing-short = Nothing found for “{ $words }”. The newest item is from { $newest }; /latest shows what there is.
search-end = That was all for “{ $words }”.
search-title = Found: { $words }
search-note = { $from }–{ $to }, newest first
search-note-single = number { $to }, newest first
search-note-all = { $to } in all, newest first

# Suggesting

suggest-what = Which link? Try: /suggest https://example.org/news
suggest-no-link = There is no link in this message.
suggest-not-public = That link doesn’t lead to the public web, where others could read it. Try: /suggest https://example.org/news
suggest-long = That link is too long to be sent: it may have { $most } characters at most.
suggest-known = The archive has that already: “{ $title }”. { $read } shows it.
suggest-again = The editors have this link already.
suggest-sent = Sent to the editors. { $left ->
        [0] You can suggest more tomorrow.
       *[other] You can suggest { $left } more today.
    }
suggest-enough = You have suggested { $most } links today, which is the most for one day. You can go on from { $moment } ({ $zone }).
suggest-nobody = There is nobody here to suggest anything to: the operator has named no editors.
suggestion-title = **A reader on { $platform } suggests:**
message-suggest = Suggest to the digest
only-alone = /{ $name } works in a private chat with me.
only-alone-there = /{ $name } works in a private chat with me: { $url }

# Following

subscribed = { here-now-follows } **{ $title }**, { $when } ({ $zone }). Next roundup: { $next }, { $wait }, if there is news by then.
subscribed-instant = { here-now-follows } **{ $title }**, { $when }: each new headline as soon as it is loaded.
rescheduled = { here-now-gets } **{ $title }**, { $when } ({ $zone }). Next roundup: { $next }, { $wait }, if there is news by then.
times-in = Times are in { $zone }; /timezone { $example } changes that.
subscribed-window = { here-now-follows } **{ $title }**, { $when } ({ $zone }): each new headline as soon as it is loaded, from { $from } to { $to }; what comes outside waits for { $from }. { $state }
rescheduled-window = { here-now-gets } **{ $title }**, { $when } ({ $zone }): each new headline as soon as it is loaded, from { $from } to { $to }; what comes outside waits for { $from }. { $state }
window-is-open = Now open, until { $end }; then next: { $next }, { $wait }.
window-is-closed = Next: { $next }, { $wait }.
rescheduled-instant = { here-now-gets } **{ $title }**, { $when }: each new headline as soon as it is loaded.
already-subscribed = { here-follows } **{ $title }** already, { $when } ({ $zone }). To change the time: /schedule { $slug } { $example }
already-subscribed-instant = { here-follows } **{ $title }** already, { $when }. To change that: /schedule { $slug } { $example }
schedule-not-subscribed = { here-follows-not } { $title }. To follow it: /subscribe { $slug } { $when }
not-subscribed = { here-follows-not } { $title }. { it-follows } { $left }.
unsubscribe-with-all = { $title } comes with all sections, as { this-channel } follows all. To leave it out: { $filter }. To follow single sections instead: /unsubscribe all, then for example /subscribe { $slug }
unsubscribe-left-out = { $title } doesn’t come any more: the filter on all sections leaves it out.
unsubscribed = { here-follows-no-longer } { $title }. { here-still-follows } { $left }.
unsubscribed-still-with-all = { here-follows-no-longer } { $title } by itself; it still comes with all sections. To leave it out there: { $filter }
unsubscribed-last = { here-follows-no-longer } { $title }. { it-follows } nothing now.
unsubscribed-on-its-way =
    { $count ->
        [one] One message that was put together before is on its way and still comes.
       *[other] { $count } messages that were put together before are on their way and still come.
    }
follows-nothing = { here-follows } nothing yet. Try: /subscribe { $slug } daily 09:00
follows-nothing-reader = { here-follows } nothing yet.
filter-set = { here-now-gets } from **{ $title }** only what the filter wants: { $filter }. What it leaves out doesn’t come later either. To end it: /filter { $slug } off
filter-set-none = The filter on **{ $title }** is gone: from now on everything comes.
filter-is = The filter on **{ $title }**: { $filter }. To end it: /filter { $slug } off
filter-is-none = There is no filter on **{ $title }**: everything comes. To set one, with a minus before what isn’t wanted: /filter { $slug } summit, envoy*, -squid
filter-comes-with-all = { $title } comes with all sections here, so it has no filter of its own. To leave it out: { $filter }. To follow it by itself: /subscribe { $slug }
filter-too-much = That is more than a filter holds: at most { $terms } words or phrases and { $letters } characters. Nothing was changed.
filter-no-word = There is no word in “{ $got }” to filter by. Try: /filter { $slug } summit
filter-lone-minus = A minus stands right before the word that isn’t wanted, without a space: in “{ $got }” one has no word after it. Try: /filter { $slug } -squid
filter-both = “{ $term }” can’t be both wanted and unwanted. Nothing was changed.
filter-section-in-section = “#{ $name }” means a section, and that works in /filter all only. For the word itself, leave out the #: /filter { $slug } { $name }
filtered-by = filter: { $filter }
left-out =
    { $count ->
        [one] Left out by filter: { $count } headline.
       *[other] Left out by filter: { $count } headlines.
    }
watched = { here-now-watches } **{ $title }**, { $when } ({ $zone }). Next roundup: { $next }, { $wait }, if there is news by then.
watched-instant = { here-now-watches } **{ $title }**, { $when }: each new headline that holds it, from any section, as soon as it is loaded.
watched-window = { here-now-watches } **{ $title }**, { $when } ({ $zone }): each new headline that holds it, as soon as it is loaded, from { $from } to { $to }; what comes outside waits for { $from }. { $state }
rewatched = { here-now-watches } **{ $title }**, { $when } ({ $zone }). Next roundup: { $next }, { $wait }, if there is news by then.
rewatched-instant = { here-now-watches } **{ $title }**, { $when }: each new headline that holds it, as soon as it is loaded.
rewatched-window = { here-now-watches } **{ $title }**, { $when } ({ $zone }): each new headline that holds it, as soon as it is loaded, from { $from } to { $to }; what comes outside waits for { $from }. { $state }
already-watched = { here-watches } “{ $words }” already, { $when }. To change the time: /watch { $typed } daily 18:00
unwatched = { here-watches-no-longer } { $title }.
watch-named = “{ $words }”
watch-named-quoted = { $words }
watch = a watch
hint-unwatch = { $unwatch } ends it
watch-what = Watch for what? All the words have to occur. Try: /watch "working group" envoy
watch-no-word = There is no word in “{ $words }” to watch for. Try: /watch summit
watch-all = A watch looks for words. For everything: /subscribe all, and /filter all chooses what of it comes.
watch-minus = A watch has no minus: whatever holds all its words comes. To leave something out: /subscribe all, then /filter all { $words }
watch-common = { $count } of the newest { $of } headlines hold “{ $words }”: that is too much for a watch. Try: /subscribe all, then { $filter }
watch-too-many = There are { $most } watches in { this-channel } already, and no more fit. /unwatch ends one; /subscriptions lists them.
watches-nothing = There is no watch in { this-channel }. To begin one: /watch summit
which-watched = Which one? { here-watches } { $watches }. Try: { $unwatch }
not-watched = There is no watch for “{ $words }”. { here-watches } { $watches }. Try: { $unwatch }
roundup-watch = (watch: { $words })
roundup-more-watched = { $count } more: { $search }
subscriptions-title = { here-follows }
subscriptions-zone = times in { $zone }
timezone-is = The time zone of { this-channel } is **{ $zone }**: it is { $time } there. To change it: /timezone Asia/Seoul
timezone-set = The time zone of { this-channel } is now **{ $zone }**: it is { $time } there.
no-zone = There is no time zone “{ $got }”. Zones have names such as Asia/Seoul or America/New_York.
no-zone-near = There is no time zone “{ $got }”. Did you mean { $near }? Try: /timezone { $first }
no-zone-hint = “{ $got }” isn’t the name of a time zone. It could mean { $near }. Try: /timezone { $first }
paused = Deliveries to { this-channel } are paused. What comes in meanwhile is kept; /resume lets it through.
paused-until = Deliveries to { this-channel } are paused until { $until } ({ $zone }), { $wait }. What comes in meanwhile is kept and comes then; /resume lets it through sooner.
pause-until-now = Deliveries to { this-channel } stay paused, now until { $until } ({ $zone }), { $wait }. /resume lets them go on sooner.
pause-endless-now = Deliveries to { this-channel } stay paused, now without an end. /resume lets them go on.
paused-since = Deliveries to { this-channel } have been paused since { $since }. /resume lets them go on.
paused-since-until = Deliveries to { this-channel } have been paused since { $since }, until { $until }. /resume lets them go on sooner.
paused-by-platform = Deliveries to { this-channel } stopped on { $since }: { $reason }. I keep trying; /resume tries now.
reason-blocked = the bot was blocked
reason-removed = the bot was removed
reason-removed-from-server = the bot was removed from the server
reason-may-not-write = the bot may not write here
reason-no-administrator = the bot is no administrator of the channel
reason-may-not-post = the bot may not post in the channel
reason-channel-deleted = the channel was deleted
reason-thread-deleted = the thread was deleted
reason-topic-closed = the topic is closed
reason-topic-deleted = the topic was deleted
reason-thread-locked = the thread is locked
reason-takes-no-messages = direct messages from the bot aren’t accepted
reason-no-messages = messages can’t be posted in this kind of channel
reason-unseen = I can’t see this place
reason-lacking = I lack a permission there
paused-until-now = Deliveries to { this-channel } had stopped on { $since }: { $reason }. They are tried again now.
still-paused = Deliveries to { this-channel } are paused, though: /resume lets them go on.
still-paused-until = Deliveries to { this-channel } are paused until { $until }, though: /resume lets them go on sooner.
not-paused = Deliveries to { this-channel } aren’t paused.
resumed = Deliveries go on. Next roundup: { $moment }, { $wait }, if there is news by then.
resumed-late = Deliveries go on. What came in meanwhile follows in one roundup.
resumed-now = Deliveries go on.
how-long-unknown = I don’t understand “{ $got }” as a length of time or a moment. Try: /pause 3d, /pause until monday or /pause until 18:00
how-long-not-a-time = { $got } isn’t a time of day. Try: /pause until 18:00
how-long-zero = That is no time at all. Try: /pause 3d
how-long-too-long = A pause lasts a year at most. Try: /pause 2 weeks. To pause until you type /resume: /pause
how-long-past = “{ $got }” is over already. Try: /pause 3d
how-long-either = “{ $got }” could mean **{ $first }** or **{ $second }**. Try: /pause until { $nearer } or /pause until { $later }
pause-examples = 12h · 3d · 2 weeks · until monday · until 18:00
forget-sure =
    { $count ->
        [0] This erases all settings of { this-channel } for good. To go ahead: /forget yes
        [one] This erases { $count } subscription and all settings of { this-channel } for good. To go ahead: /forget yes
       *[other] This erases { $count } subscriptions and all settings of { this-channel } for good. To go ahead: /forget yes
    }
forgotten = Everything kept about { this-channel } is erased. /subscribe begins anew.
nothing-to-forget = Nothing is kept about { this-channel }.

# Settings

settings-title = Settings of { this-channel }
setting-style = what a roundup shows of an item, headlines or summaries
setting-style-now = what a roundup shows of an item
setting-style-cards = what a roundup shows of an item: headlines, summaries, or cards with pictures
setting-silent = post without a sound
setting-previews = show previews of links
setting-role = who is mentioned by a roundup
setting-locale = the language, en or ko
setting-locale-now = the language
setting-cap = the most headlines of one roundup
setting-publish = publish posts to followers
setting-duplicates = every item of a story, and not only the first
setting-corrections = edit posts when a source corrects or takes back what they say
setting-buttons = buttons and menus under roundups
setting-discuss = a thread under each roundup, to talk about it
entry-also = also: { $sources }
setting-is = { $name } is **{ $value }** ({ $about }).
setting-set = { $name } is now **{ $value }** ({ $about }).
setting-not-here = “{ $name }” does nothing here. What can be set: { $names }.
no-setting = There is no setting “{ $got }”. What can be set: { $names }. Try: /settings style summaries
cards-not-here = There are no cards here. style can be: { $choices }. Try: /settings style summaries
bad-setting = { $name } can’t be “{ $got }”. It can be: { $choices }. Try: /settings { $name } { $example }

# Roundups

roundup-title = Roundup · { $day }
roundup-title-late = Catch-up · { $day }
roundup-title-instant = News · { $day }
roundup-count =
    { $count ->
        [one] { $count } headline
       *[other] { $count } headlines
    }
roundup-next = next:
roundup-more = { $count } more: /latest { $slug }
review-title = { $source }: before it goes out
review-title-over = { $source }
review-waits =
    { $count ->
        [one] { $count } headline goes out { $moment }, unless you hold it back.
       *[other] { $count } headlines wait; they go out from { $moment } on, unless you hold them back.
    }
review-held =
    { $count ->
        [one] { $count } headline is held back until an editor publishes it.
       *[other] { $count } headlines are held back until an editor publishes them.
    }
review-item-held = held back
review-out = It is out.
review-hidden = Its time has come, but its section is hidden: nobody sees it until the section is shown, and it isn’t pushed then.
review-section-hidden = hidden
review-withdrawn = It was withdrawn.
review-published-by = Published by { $editor }, { $at }.
review-held-by = Held back by { $editor }, { $at }.
review-withdrawn-by = Withdrawn by { $editor }, { $at }.
review-dropped-by = A headline was dropped by { $editor }, { $at }.
review-moved-by = A headline was moved by { $editor }, { $at }.
button-choose = Drop or move…
button-drop = Drop it
button-move = Move it to { $section }
choose = Choose…
review-which = Which headline?
review-which-of = Which headline? { $first }–{ $last } of { $count }:
review-more = { $count } more: “{ button-choose }” shows them all.
review-more-out = { $count } more.
review-what = “{ $title }”: drop it, or move it to another section?
review-dropped = “{ $title }” is dropped. Nobody will see it.
review-moved = “{ $title }” will go out in { $section }.
review-undone-drop = It waits again.
review-undone-move = It is back in its section.
button-publish = Publish now
button-hold-back = Hold back
button-withdraw = Withdraw
button-undo = Undo
only-editors = Only editors can do that. The operator names them.
review-published =
    { $count ->
        [one] { $count } headline goes out now.
       *[other] { $count } headlines go out now.
    }
review-published-hidden = Its time has come, but its section is hidden: nobody sees it until the section is shown, and it isn’t pushed then.
review-held-back =
    { $count ->
        [one] { $count } headline is held back until an editor publishes it.
       *[other] { $count } headlines are held back until an editor publishes them.
    }
review-taken-back =
    { $count ->
        [one] { $count } headline is withdrawn. Where it was posted, it is struck out.
       *[other] { $count } headlines are withdrawn. Where they were posted, they are struck out.
    }
review-overtaken = Something has changed since this message was written, so nothing was done. By now it says how things stand.
review-done-already = Nothing is left to be done: its time has come, or somebody was quicker.
review-undone-hold = It waits again, and goes out { $moment } unless somebody holds it back.
review-undone-hold-now = Its time has come meanwhile: it goes out now.
review-undone-withdrawal = It can be read again. Nothing is posted for that.
review-nothing-to-undo = There is nothing to undo.
button-correct = Correct
button-move-item = Move
button-split = Split
button-join = Join
button-restore = Restore
button-more-choices = More…
button-fewer-choices = ◂ Back
edit-correct-title = Correct #{ $number }
edit-correct-how = Reply to this message with the headline as it should be. What you leave out stays.
edit-correct-summary = • The second paragraph is the summary: “-” takes it away. A long one goes on in another reply that begins with +.
edit-correct-link = • An address in the last line is the link: “link: -” takes it away.
edit-correct-now = So far it says:
edit-join-title = Join #{ $number } to another story
edit-join-how = Reply to this message with the number of an item that tells the same story.
edit-title = Headline
edit-summary = Summary
edit-link = Link
edit-number = Number of an item that tells the same story
edit-where = Where does “{ $title }” belong?
edit-corrected = It is corrected, whatever its source says: “{ $title }”. Where it was posted, it is edited.
edit-moved = “{ $title }” is in { $section } now, wherever its source files it. Nothing is posted for that.
edit-withdrawn = “{ $title }” is withdrawn. Where it was posted, it is struck out.
edit-restored = “{ $title }” can be read again. Nothing is posted for that.
edit-split = “{ $title }” tells a story of its own now.
edit-joined = “{ $title }” and #{ $other } tell one story now.
edit-is-withdrawn = “{ $title }” was withdrawn.
edit-undone-correction = It says what it said before.
edit-undone-restoring = It is withdrawn again.
edit-undone = That is undone.
edit-undone-by = That has been undone already, by { $editor }, { $at }.
edit-gone = There is no item of that number.
edit-no-number = “{ $got }” isn’t an item’s number. It stands beside each headline, such as 12.
edit-number-missing = The number is missing. It stands beside each headline, such as 12.
edit-unchanged = It is so already; nothing was changed.
edit-overtaken = It was changed meanwhile, so nothing was done. Look at it again.
edit-since = Last: { $deed }, by { $editor }, { $at }.
edit-final = That can’t be undone.
edit-untitled = A headline needs a letter or a digit.
edit-too-long = That is too long: a headline has at most 300 characters, a summary 10,000.
edit-no-link = That is no address. It begins with https:// or http://.
edit-no-section = There is no such section. /sections lists those there are.
edit-hidden = Its section is hidden, so nobody reads it. Once the operator shows the section again, it can be changed.
edit-alone = It tells its story alone already.
edit-one-story = Both tell one story already.
edit-unread = Readers can’t see it: it was withdrawn, or waits. Only items that they see can be joined.
deed-operator = the operator
deed-you = you
more-there = { $count } more: { $url }
roundup-corrected = Corrected { $time }
roundup-loading = The sources are being loaded first. The roundup comes as soon as they are, if there is news.
roundup-posted = The roundup is on its way. The schedule goes on without repeating it.
preview = As of now, the next roundup would look like this:
preview-nothing =
    { $place ->
        [private] Nothing new has come in since you subscribed.
       *[other] Nothing new has come in since { this-channel } subscribed.
    }
preview-nothing-since = Nothing new has come in since the roundup of { $moment }.
preview-sent = The preview is in your private chat with me.
preview-alone = A preview is shown to you alone: send me /start in a private chat first, then ask again here.
preview-elsewhere = A preview is shown to the asker alone. Ask for it in a private chat with me: /preview { $chat }
preview-sample = With the newest items it would look like this:

# Status

status-not-loaded = Nothing has been loaded yet.
status-loaded =
    Last loaded { $ago }: { $items ->
        [one] { $items } item
       *[other] { $items } items
    } from { $sources ->
        [one] { $sources } source
       *[other] { $sources } sources
    }.
status-follows-nothing = { here-follows } nothing, so no roundup is due.
status-instant-until = News comes to { this-channel } as soon as it is loaded, until { $moment }; what comes in later waits for { $next }.
status-instant = News comes to { this-channel } as soon as it is loaded.
status-queue-empty = Nothing is waiting to be delivered here.
status-queue =
    { $waiting ->
        [one] { $waiting } message is waiting to be delivered here, put together { $oldest }.
       *[other] { $waiting } messages are waiting to be delivered here, the oldest put together { $oldest }.
    }
status-dead =
    { $dead ->
        [one] Nothing is waiting to be delivered here; { $dead } message was refused for good. The operator sees why, and can send it again.
       *[other] Nothing is waiting to be delivered here; { $dead } messages were refused for good. The operator sees why, and can send them again.
    }
status-queue-dead =
    { $dead ->
        [one] { $waiting } waiting, the oldest put together { $oldest }; { $dead } message was refused for good. The operator sees why, and can send it again.
       *[other] { $waiting } waiting, the oldest put together { $oldest }; { $dead } messages were refused for good. The operator sees why, and can send them again.
    }
status-uncorrected =
    { $count ->
        [one] { $count } message here couldn’t be corrected.
       *[other] { $count } messages here couldn’t be corrected.
    }
status-platform-trouble = { $platform } has trouble with my messages (it began { $ago }). What waits isn’t lost; I keep trying.
status-source-new = Source { $source } hasn’t been loaded yet.
status-source-only = Source { $source } is well.
status-source-only-next = Source { $source } is well; next { $next }.
status-source = Source { $source } is well, last loaded { $ago }.
status-source-next = Source { $source } is well, last loaded { $ago }; next { $next }.
status-source-documents =
    { $documents ->
        [one] Source { $source } was last loaded { $ago }; { $documents } document can’t be read:
       *[other] Source { $source } was last loaded { $ago }; { $documents } documents can’t be read:
    }
status-source-never = Source { $source } has never been loaded: { $error }.
status-source-never-next = Source { $source } has never been loaded: { $error }. Next try { $next }.
status-source-failing = Source { $source } was last loaded { $ago }; since then: { $error }.
status-source-failing-next = Source { $source } was last loaded { $ago }; since then: { $error }. Next try { $next }.
status-source-moved = { $source } has moved for good: { $from } leads to { $to }, which is asked instead; the old address is asked once a day.
status-source-moving = { $source } is moving: { $from } leads to { $to } (first seen { $ago }). After three days that is its address.
status-sources-more =
    { $sources ->
        [one] { $sources } more source
       *[other] { $sources } more sources
    }, { $failing ->
        [0] all well.
       *[other] { $failing } of them failing.
    }
status-document-failing = Source { $source }: { $document }, line { $line }: { $reason }
status-document-unreadable = Source { $source }: { $document }: { $reason }
status-documents-more =
    { $documents ->
        [one] Source { $source }: { $documents } more document can’t be read.
       *[other] Source { $source }: { $documents } more documents can’t be read.
    }

# What the operator is told

operator-source = Source { $source } hasn’t been readable for a while: { $error }
operator-source-documents =
    { $documents ->
        [one] Source { $source }: { $documents } document hasn’t been readable for a while: { $document }: { $error }
       *[other] Source { $source }: { $documents } documents haven’t been readable for a while; the first is { $document }: { $error }
    }
operator-burst =
    { $count ->
        [one] Source { $source } brought more at once than is pushed: { $count } item can only be read (max_burst)
       *[other] Source { $source } brought more at once than is pushed: { $count } items can only be read (max_burst)
    }
operator-quiet =
    { $days ->
        [one] Nothing new has been loaded for { $days } day. Look at the sources with: tidings status
       *[other] Nothing new has been loaded for { $days } days. Look at the sources with: tidings status
    }
operator-platform = { $platform } has been in trouble for a while: { $trouble }
operator-taken = { $key }: { $why }. It is tried again; everything else runs on.
operator-broken = A part of Tidings broke and is started again ({ $name }): { $why }. The log says more; please report it.
operator-refused =
    { $channels ->
        [one] A message for { $channels } channel was refused for good and set aside: { $error }. tidings status names it, tidings retry sends it again.
       *[other] A message for { $channels } channels was refused for good and set aside: { $error }. tidings status names them, tidings retry sends it again.
    }
operator-refused-more =
    { $count ->
        [one] { $count } more message was refused for good: { $error }
       *[other] { $count } more messages were refused for good, such as: { $error }
    }
operator-editor = The editor { $editor } can’t be reached: { $why }. What waits for editors goes out on time without them.
operator-editor-no-platform = the bot doesn’t run there
operator-editor-paused = deliveries to that chat are paused, and /resume there lets them go on
operator-disk = The disk that the store is on is nearly full: { $megabytes } MB are left.
operator-over = Over: { $what }

# What one can do next

hint-read = /read { $id } shows an item
hint-count = /latest { $slug } { $count } shows more
hint-count-all = /latest { $count } shows more
hint-more = /more goes on from here
hint-fewer-words = the question is too long for a button to older ones; fewer words show more
hint-latest = /latest { $slug } shows what is there already
hint-latest-one = /latest { $slug } shows one
hint-latest-all = /latest shows what is there already
hint-subscribe = /subscribe { $slug } daily 09:00 follows it
hint-subscriptions = /subscriptions lists all
hint-schedule = /schedule { $slug } { $example } changes a time
hint-preview = /preview shows the next roundup
hint-settings = /settings style summaries changes one
hint-settings-menus = what you choose below is set at once
hint-settings-others = /settings cap 10 sets the others ({ $names })
hint-timezone = /timezone sets the zone

# The console

console-welcome = Tidings, console chat: { $items ->
        [one] { $items } item
       *[other] { $items } items
    } in { $sections ->
        [one] { $sections } section
       *[other] { $sections } sections
    }. /help lists the commands; /quit or Ctrl-D ends.
section-left = no longer filled: the publisher has taken this section out
section-hidden = nothing comes for now: the publisher has hidden this section
console-no-more = There is nothing to go on with. /latest or /search begin a list.
console-store-failed = The store can’t be read at the moment; the log says why. Nothing was changed.

# Greeting

start = Hello! I carry news digests into chat: { $count ->
        [one] { $count } section
       *[other] { $count } sections
    } to read, search and follow.
start-latest = the newest headlines of a section
start-sections = all sections
start-subscribe = follow one here
start-help = everything I can do
start-administrators =
    { $place ->
        [server] Only those who manage this server can change what is followed here.
       *[other] Only administrators can change what is followed here.
    }

# Buttons

button-newer = ◂ Newer
button-older = Older ▸
button-all = ◂ All sections
button-subscribe = Subscribe
button-summaries = Read summaries
button-read = Read
button-search = Search
button-share = Share
button-open = Open
menu-read = Read…
sections-choose = Choose a section
summaries-title = Summaries
summaries-gone = These headlines are no longer in the archive. /latest shows the newest ones.
summaries-missing =
    { $count ->
        [one] One of these headlines is no longer in the archive.
       *[other] { $count } of these headlines are no longer in the archive.
    }
button-sections = All sections
section-is-gone = That section has since become part of another one. /sections lists those there are.
section-edit-gone = That section isn’t there any more.
section-edit-configured = “{ $slug }” stands in the configuration; only the file changes it.
section-edit-catch-all = “{ $slug }” holds what no other section takes, and stays as it is.
section-edit-merged = “{ $slug }” is part of { $into }.
section-edit-itself = A section can’t be merged into itself.
section-edit-into-hidden = “{ $slug }” is hidden; show it first, or hide the other one.
section-edit-hidden = “{ $slug }” is hidden already.
section-edit-shown = “{ $slug }” is shown already.
section-edit-no-title = A title needs a letter or a digit.
section-edit-long-title = A title has { $most } characters at most.
section-edit-taken = “{ $title }” is what { $slug } is called; merging makes one of the two.
section-edit-undone = That has been undone already.
section-edit-renamed = { $slug } has got another title since: “{ $title }”.
section-edit-chained = “{ $slug }” is part of { $into } since; undo that first.
section-edit-overtaken = Something else was done to that section since; undo that first.
section-edit-reserved = “all” and “more” have meanings of their own. Another title, please.
section-edit-another = That isn’t undone here.
button-unknown = This button is out of date; /latest makes new ones.
button-astray = I can no longer tell where this list stands; /latest makes a new one.
button-in-channel = A page that you turn here would turn for everybody. Ask me in a private chat instead: /latest
button-not-yours = You may not write here, and a page that you turn turns for everybody. Ask me in a private chat instead: /latest
read-not-yours = You may not write here, and everybody would see my answer. Ask me in a private chat instead: /latest
share-not-yours = You may not write here, so you can’t share anything here.
channel-needs-server = What a server’s channel follows is managed in that server, not in a direct message. Give the command there.

# Groups and channels

only-administrators = Only administrators of this group can change what it follows.
only-channel-administrators = Only administrators of this channel can change what it follows.
administrators-unknown = I can’t find out at the moment who the administrators are. Nothing was changed; please try again in a minute.
last-question = That was your twentieth question within a minute. I answer no more of them until the minute is over, and none that would have to wait longer than that.
last-question-alone = That was your sixtieth question within a minute. I answer no more of them until the minute is over, and none that would have to wait longer than that.
last-question-together = More is asked here than I can answer within a minute. Until the minute is over, I answer only those who have asked little.
answer-late = Your question had to wait for more than a minute, so it isn’t answered any more. Please ask again.
answer-late-alone = I couldn’t answer in time, for you alone, what you asked in **{ $name }**. Please ask again, there or here.
change-late = You asked for this on { $moment }, while I was away; it is done now.
rights-unknown = I can’t find out at the moment who may write here. Please try again in a minute.
too-many-questions = That is a lot of questions at once. Please go on in a minute.
about-channel = For **{ $name }**:
channel-not-found = I can’t see { $name }: there is no such channel, or I’m not in it (any more). Add me to it as an administrator first, then try again.
channel-not-found-or-left = I can’t see { $name }: there is no such channel, or I’m not in it any more. What I keep of a channel that I was removed from can be erased by whoever runs me.
channel-not-yours = Only administrators of { $name } can change what it follows.
channel-bot-missing = I can’t see who administers { $name }: make me an administrator there, with the right to post messages, then try again.
channel-may-not-post = I may not post in { $name }. Give me the right to post messages there, then try again. Nothing was changed.

# What commands and their options are called where a platform registers them

name-latest = latest
name-read = read
name-sections = sections
name-search = search
name-subscribe = subscribe
name-unsubscribe = unsubscribe
name-subscriptions = subscriptions
name-schedule = schedule
name-filter = filter
name-watch = watch
name-unwatch = unwatch
name-timezone = timezone
name-preview = preview
name-roundup = roundup
name-pause = pause
name-resume = resume
name-settings = settings
name-suggest = suggest
name-forget = forget
name-status = status
name-help = help
name-start = start
option-name-section = section
option-section = the section, by its name or its short name
option-name-count = count
option-count = how many headlines
option-name-number = number
option-number = the number that stands with the headline
option-name-page = page
option-page = which page, where an item is long
option-name-words = words
option-words = words, "phrases", or beginnings such as summ*
option-name-when = when
option-when = when it comes, such as daily 09:00 or instant
option-name-how-long = how-long
option-how-long = for how long, or until when, such as 3d, 2 weeks, until monday, until 18:00
option-name-zone = zone
option-zone = a time zone such as Asia/Seoul
option-name-name = name
option-name = which setting
option-name-value = value
option-value = what it is to be
option-name-confirmation = confirmation
option-confirmation = yes, to go ahead
option-name-link = link
option-link = the link, and what there is to say about it
option-name-command = command
option-command = which command
option-name-channel = channel
option-channel = another channel than this one
option-name-role = role
option-role = whom a roundup mentions

# Servers

search-label = Words to search for
store-failed = Something went wrong on our side, and it is logged. Nothing was changed; please try again in a minute.
bot-not-in-chat = I’m not in this chat myself, so nothing can be followed here. Ask in a direct message to me, or in a server that I was added to.
bot-not-here = I’m not in this server myself, so nothing can be followed here. Somebody who manages it can add me.
only-server-managers = Only those with the permission Manage Server can change what this server’s channels follow.
role-everyone = A roundup can’t mention everyone. Choose another role, or none. Nothing was changed.
channel-elsewhere = { $name } isn’t a channel of this server. Nothing was changed.
no-role = There is no role { $name } in this server. Nothing was changed.
option-unread = I can’t tell what you chose under “{ $option }”. Nothing was changed; please give the command again and choose it from the list.
channel-lacks = I can’t post in { $name }: I lack { $permissions } there. Allow me that, then try again. Nothing was changed.
channel-lacks-threads = I can’t open threads in { $name }: I lack { $permissions } there. Allow me that, then try again. Nothing was changed.
permission-view-channel = View Channel
permission-send-messages = Send Messages
permission-send-messages-in-threads = Send Messages in Threads
permission-embed-links = Embed Links
permission-mention-everyone = Mention @everyone, @here, and All Roles
permission-create-public-threads = Create Public Threads
status-lacks = I lack { $permissions } there. Once that is allowed, deliveries go on by themselves.
permissions-unknown = I can’t find out at the moment whether I may post in { $name }. Nothing was changed; please try again in a minute.

# The title of an item whose publisher wrote no words: a picture, a recording.
item-without-words = { $source }, { $day }

# The archive on the web

web-name = Tidings
web-skip = Skip to the news
web-sections = Sections
web-search = Search
web-search-label = Search the archive
web-search-no-word = There is no word in “{ $words }” to search for. Use letters or digits.
web-search-nothing = Nothing found for “{ $words }”. Fewer words, or a beginning such as summ*, may find more.
web-too-long = This took too long. Fewer or longer words find faster.
web-day = { $weekday } { $year }
web-day-empty = No news on this day.
web-day-before = Earlier: { $day }
web-day-after = Later: { $day }
web-older = Older news
web-follow = Follow { $title }
web-follow-all = Follow all news
web-at = at { $source }
web-leader = The story was told first here:
web-corrected = Corrected { $time }, { $day } { month-long }
web-corrected-with-year = Corrected { $time }, { $day } { month-long } { $year }
web-missing = There is nothing at this address.
web-withdrawn = This was withdrawn.

# The words that people type. Ways to say the same are parted by `|`; what a language doesn't say is left out. All
# languages are understood together, since people mix them. Days of the week in English are the canonical texts' own.

word-instant =
    instant | instantly | immediate | immediately | at once | right away | as it comes | as they come | live
    | realtime | real time | real-time
word-every = every | each
word-hourly = hourly
word-daily = daily | everyday
word-weekly = weekly
word-monthly = monthly | of the month | of every month | of each month
word-minute = minute | minutes | min | mins | m
word-hour = hour | hours | hr | hrs
word-day = day | days | d
word-week = week | weeks | wk | wks | w
word-month = month | months
word-other = other | second other
word-twice = twice | twice a
word-biweekly = biweekly | bi-weekly
word-fortnightly = fortnightly | fortnight
word-bimonthly = bimonthly | bi-monthly
word-weekdays = weekdays | weekday | workdays | workday | working days | business days
word-weekend = weekend | weekends
word-am = am | a.m. | a.m | a m
word-pm = pm | p.m. | p.m | p m
word-morning = morning | mornings
word-evening = afternoon | afternoons | evening | evenings
word-night = night | nights
word-noon = noon | midday
word-midnight = midnight
word-oclock = o'clock | o’clock | oclock
word-nth = st | nd | rd | th
word-times = times | times a
word-filler =
    at | on | the | of | in | and | from | by | for | sharp | exactly | time | local | a | an | per | once | once a | &
word-last = last | last day | end
word-to = to | through | thru | until | till | - | ~
word-between = between
word-once = this | today | tonight
word-next = next
word-next-week = next week
word-tomorrow = tomorrow
word-year = year | years
word-first = first
word-second = second
word-third = third
word-fourth = fourth
word-one = one
word-two = two | couple of
word-three = three
word-four = four
word-five = five
word-six = six
word-seven = seven
word-eight = eight
word-nine = nine
word-ten = ten
word-eleven = eleven
word-twelve = twelve

# How long something lasts: `for 3 days`, `until monday`, and single words for lengths.
word-until = until | till | til
word-from = from
word-during = for | an | another
# What months are called besides their names.
word-months = sept=9
word-lengths = fortnight=2 weeks | half an hour=30 minutes | half a day=12 hours

word-before-part = in | the | at
word-before-day = on
word-and = and
word-counted-day = th
word-article = a | an | the
# Also of those whose language isn't here yet.
word-zones = 日本=Asia/Tokyo | 東京=Asia/Tokyo

word-yes = yes
word-on = on | yes | true | 1
word-off = off | no | false | 0
word-all = everything

# The dashboard.
dashboard-name = Tidings · dashboard
dashboard-skip = Skip to the page
dashboard-pages = Pages
dashboard-overview = Overview
dashboard-deeds = What was done
dashboard-operator = the operator
dashboard-as-operator = Signed in as the operator
dashboard-as-editor = Signed in as { $editor }
dashboard-sign-in = Sign in
dashboard-sign-in-says = This link works once. Press the button to sign in with this browser.
dashboard-sign-out = Sign out
dashboard-sessions = Sessions
dashboard-sign-all-out = Sign everybody out
dashboard-sign-all-out-says = Ends all sessions, yours too, and all links that weren’t used.
dashboard-signed-out = You are not signed in
dashboard-two-cookies = Your browser sends two dashboard cookies, and one of them isn’t ours; delete this site’s cookies and sign in again
dashboard-how-to-sign-in = To sign in, press Dashboard under the bot’s answer to /status in your private chat with it, or ask whoever runs it for a link, which “tidings dashboard” prints. Either link works once, within ten minutes.
dashboard-link-used = This link was used already
dashboard-link-old = This link is too old
dashboard-link-wrong = This link isn’t one of ours
dashboard-link-no-editor = The person whom this link is for is no editor any more
dashboard-link-too-many = Too many wrong links were tried; wait a minute
dashboard-forged = This didn’t come from a page of the dashboard, so nothing was changed
dashboard-forbidden = Only the operator may do that
dashboard-missing = There is nothing at this address
dashboard-other-method = This address doesn’t take that; here is the page that it belongs to
dashboard-broken = Something went wrong on our side; the log says more
dashboard-too-long = That is too long
dashboard-too-much = That was a lot at once; wait a minute
dashboard-refused = That wasn’t done
dashboard-back = Back
dashboard-undo = Undo
dashboard-undone = undone
dashboard-earlier = Earlier
dashboard-well = All is well
dashboard-unwell =
    { $count ->
        [one] One thing needs you
       *[other] { $count } things need you
    }
dashboard-need-platform = { $platform } can’t be reached (it began { $ago }): { $trouble }. What waits isn’t lost and is tried again by itself; if it goes on, look at the token and the network.
dashboard-need-source = The source { $source } can’t be read as it is; what is wrong stands beside it.
dashboard-need-dead =
    { $count ->
        [one] One message was refused for good. Send it again or give it up.
       *[other] { $count } messages were refused for good. Send them again or give them up.
    }
dashboard-need-stopped =
    { $count ->
        [one] One channel takes nothing at present; why stands beside it.
       *[other] { $count } channels take nothing at present; why stands beside each.
    }
dashboard-held =
    { $count ->
        [one] One item waits for editors
       *[other] { $count } items wait for editors
    }
dashboard-platforms = Platforms
dashboard-no-platform = No platform has run yet.
dashboard-is-well = well
dashboard-runs-here = runs; nothing was heard of it yet
dashboard-since = in trouble, begun
dashboard-processes = Processes that share the store
dashboard-process-begun = begun
dashboard-process-silent = says nothing any more; last heard of
dashboard-process-behind = another process began with another configuration: start this one anew with the same
dashboard-process-idle = stands by
dashboard-unheld = nobody does it
dashboard-sources = Sources
dashboard-no-source = There is no source yet; the configuration names them.
dashboard-unconfigured = no longer configured
dashboard-loaded = loaded
dashboard-never-loaded = never loaded
dashboard-next = next
dashboard-queue = Queue
dashboard-queue-waiting = waiting
dashboard-queue-dead = refused for good
dashboard-queue-edits = to be corrected
dashboard-queue-uncorrected = not corrected
dashboard-queue-oldest = The oldest of them was made
dashboard-next-roundups = Next roundups
dashboard-no-next = No roundup is planned.
dashboard-arrived = Messages that arrived
dashboard-chart-now = now
dashboard-chart-nothing = No message arrived in the last 24 hours.
dashboard-chart-says =
    { $count ->
        [one] One message arrived in the last 24 hours, in the hour from { $hour } on.
       *[other] { $count } messages arrived in the last 24 hours, most of them ({ $most }) in the hour from { $hour } on.
    }
dashboard-no-deed = Nothing has been done yet.
dashboard-undone-now = Undone:
dashboard-later = More
dashboard-cant-be-undone = That can’t be undone, or was undone already.
dashboard-overtaken = Somebody has changed that since, so it wasn’t undone.
dashboard-source-changed = Its source has changed it
dashboard-outbox = Outbox
dashboard-dead =
    { $count ->
        [0] Nothing was refused for good
        [one] One message was refused for good
       *[other] { $count } messages were refused for good
    }
dashboard-dead-text = What it says
dashboard-retry = Send again
dashboard-give-up = Give up
dashboard-part-is-gone = It isn’t there any more: it was sent again, or given up.
dashboard-channels = Channels
dashboard-no-channel = No channel follows anything yet.
dashboard-not-run-here = Its platform isn’t run by this process.
dashboard-follows-nothing = Follows nothing.
dashboard-as-it-comes = Gets news as it comes.
dashboard-as-it-comes-until = Gets news as it comes until
dashboard-next-roundup = Next roundup:
dashboard-paused = Paused since
dashboard-stopped = Has taken nothing since
dashboard-not-paused = It isn’t paused any more: a manager ended the pause in chat, or its time was over.
dashboard-until = until
dashboard-hidden-section = a hidden section
dashboard-pause = Pause
dashboard-how-long = For how long (empty: until it is resumed)
dashboard-resume = Resume
dashboard-post-now = Post now
dashboard-preview = Preview
dashboard-previews = Previews
dashboard-no-preview = No channel follows anything yet, so nothing is planned.
dashboard-preview-of = Next roundup of { $channel }
dashboard-fetch-now = Fetch now
dashboard-try = Try
dashboard-work-fetch = Fetching { $source }
dashboard-work-try = Trying { $source }
dashboard-work-under-way = Under way, begun
dashboard-live = Keep this page up to date
dashboard-live-stop = Stop
dashboard-no-way-back = There is no way back.
dashboard-work-refreshes = This page looks again by itself.
dashboard-work-waits = Waits for the process that loads this source, asked for
dashboard-work-interrupted = The process that did this has ended meanwhile. Ask for it again.
dashboard-work-done = Done
dashboard-work-failed = Done, with trouble,
dashboard-loaded-says =
    { $documents ->
        [one] One document:
       *[other] { $documents } documents:
    } { $new } new, { $updated } updated, { $unchanged } unchanged; to subscribers: { $pushed }.
dashboard-tried-says =
    { $documents ->
        [one] One document
       *[other] { $documents } documents
    } with { $items ->
        [one] one item
       *[other] { $items } items
    }; { $ignored } would be ignored. Nothing was stored.
dashboard-tried-days = From { $oldest } to { $newest }.
dashboard-tried-section = { $slug }: { $items }
dashboard-tried-new-section = { $slug }: { $items } (a new section)
dashboard-items = Items
dashboard-items-words = Words, or a number
dashboard-items-list = Which
dashboard-items-shown = that readers see
dashboard-items-held = that wait for editors
dashboard-items-withdrawn = that were withdrawn
dashboard-items-nothing = There is no such item.
dashboard-items-so-far = { $count } items were looked through for this page; “{ dashboard-earlier }” goes on from there.
dashboard-items-too-much = That is too much to search for; fewer words find more.
dashboard-item-withdrawn = This was withdrawn; readers don’t see it.
dashboard-item-hidden = Its section is hidden, so readers don’t see it.
dashboard-item-held = This waits for editors; readers don’t see it yet.
dashboard-item-title = Title
dashboard-item-summary = Summary (an empty line between paragraphs)
dashboard-item-link = Link (empty: none)
dashboard-item-own = What its source says
dashboard-item-section = Section
dashboard-item-written = What you wrote:
dashboard-correct = Correct
dashboard-move = Move
dashboard-withdraw = Withdraw
dashboard-withdraw-says = Readers don’t see it any more, and where it was posted it is struck out.
dashboard-restore = Restore
dashboard-split = Split from its story
dashboard-join = Join
dashboard-join-number = Number of an item that tells the same
dashboard-story = Story
dashboard-story-alone = Nothing else tells the same.
dashboard-story-leads = (leads)
dashboard-story-report = Also reported by
dashboard-sections = Sections
dashboard-sections-says = Sections that the configuration names are changed there. Those that headings have made can be mended here.
dashboard-section-configured = configured
dashboard-section-discovered = discovered
dashboard-section-catch-all = holds what no other section takes
dashboard-section-items =
    { $count ->
        [one] 1 item
       *[other] { $count } items
    }
dashboard-section-hidden = hidden
dashboard-section-with = with
dashboard-section-mend = Mend
dashboard-section-title = Title
dashboard-merge = Merge
dashboard-merge-into = Make it part of
dashboard-rename = Rename
dashboard-hide = Hide
dashboard-show = Show

# The way to the dashboard.
button-dashboard = Dashboard
sign-in-link = This link signs you in to the dashboard, once, within { $minutes } minutes. It works for whoever has it: keep it to yourself.
sign-in-not-yours = The dashboard is for editors and for whoever runs the bot, in a private chat.

# What was done, as the list of deeds has it.
deed-publish = Published what waited { $subject }
deed-hold-back = Held back what waited { $subject }
deed-drop = Dropped “{ $subject }”
deed-move = Moved “{ $subject }”
deed-withdraw = Withdrew “{ $subject }”
deed-restore = Restored “{ $subject }”
deed-correct = Corrected “{ $subject }”
deed-split = Split “{ $subject }” from its story
deed-join = Joined “{ $subject }” to a story
deed-merge = Merged the section { $subject }
deed-rename = Renamed the section { $subject }
deed-hide = Hid the section { $subject }
deed-show = Showed the section { $subject } again
deed-fetch-now = Fetched the source { $subject }
deed-try = Tried the source { $subject }
deed-pause = Paused { $subject }
deed-resume = Resumed { $subject }
deed-post-now = Posted now to { $subject }
deed-retry = Sent again: { $subject }
deed-give-up = Gave up: { $subject }
deed-sign-out = Ended all sessions of the dashboard
