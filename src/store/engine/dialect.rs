//! The little that PostgreSQL wants written otherwise than SQLite. All else is one text for both.

/// A statement as PostgreSQL reads it: its parameters are `$1` where ours are `?1`, and a `CROSS JOIN … ON`, by which SQLite is
/// told in which order to go through tables, is a plain join.
pub(super) fn for_server(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    // Inside of quotes nothing is ours to change.
    for (index, part) in sql.split('\'').enumerate() {
        if index > 0 {
            text.push('\'');
        }
        if index % 2 == 0 {
            outside_of_quotes(part, &mut text);
        } else {
            text.push_str(part);
        }
    }
    text
}

fn outside_of_quotes(part: &str, text: &mut String) {
    let joined = part.replace("CROSS JOIN", "JOIN");
    let mut letters = joined.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_parameter = letter == '?' && letters.peek().is_some_and(char::is_ascii_digit);
        text.push(if is_parameter { '$' } else { letter });
    }
}

#[cfg(test)]
mod tests {
    use super::for_server;

    #[test]
    fn parameters_and_joins_are_written_anew() {
        let sql = "SELECT 'why? ?1' FROM a CROSS JOIN b ON b.id = a.id WHERE a.name = ?12 AND b.x = '' AND b.y = ?2";
        assert_eq!(
            for_server(sql),
            "SELECT 'why? ?1' FROM a JOIN b ON b.id = a.id WHERE a.name = $12 AND b.x = '' AND b.y = $2"
        );
    }
}
