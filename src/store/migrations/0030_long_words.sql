-- A word is found by its first hundred letters, and so is the watch that is filed under it.
UPDATE watch_words SET word = substr(word, 1, 100) WHERE length(word) > 100;
