//! Encodings that old mail has, in which every byte has seven bits and which browsers no longer read.

/// Shifts to two bytes a letter, and back (RFC 1557).
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// ISO-2022-KR as EUC-KR: the designation goes, and between the shifts letters get their eighth bit.
pub(crate) fn korean(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            0x1B if behind.starts_with(b"$)C") => rest = &behind[3..],
            SHIFT_OUT => shifted = true,
            SHIFT_IN => shifted = false,
            // Each line begins in ASCII.
            b'\n' => {
                shifted = false;
                out.push(byte);
            }
            0x21..=0x7E if shifted => out.push(byte | 0x80),
            _ => out.push(byte),
        }
    }
    out
}

/// HZ as GB 2312: what stands between `~{` and `~}` gets its eighth bit.
pub(crate) fn chinese(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match (byte, behind.first()) {
            (b'~', Some(b'{')) if !shifted => shifted = true,
            (b'~', Some(b'}')) => shifted = false,
            (b'~', Some(b'~')) if !shifted => out.push(b'~'),
            // The line goes on.
            (b'~', Some(b'\n')) if !shifted => {}
            (0x21..=0x7E, _) if shifted => {
                out.push(byte | 0x80);
                continue;
            }
            _ => {
                shifted &= byte != b'\n';
                out.push(byte);
                continue;
            }
        }
        rest = &behind[1..];
    }
    out
}

/// UTF-7: what stands between `+` and `-` is UTF-16 in base 64.
pub(crate) fn unicode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'+' {
            out.push(char::from(byte));
            continue;
        }
        let length = behind.iter().take_while(|byte| sextet(**byte).is_some());
        let (coded, end) = behind.split_at(length.count());
        rest = end.strip_prefix(b"-").unwrap_or(end);
        if coded.is_empty() {
            out.push('+');
            continue;
        }
        let mut units = Vec::new();
        let (mut bits, mut count) = (0_u32, 0);
        for value in coded.iter().filter_map(|byte| sextet(*byte)) {
            bits = bits << 6 | u32::from(value);
            count += 6;
            if count >= 16 {
                count -= 16;
                units.push(u16::try_from(bits >> count & 0xFFFF).unwrap_or_default());
                bits &= (1 << count) - 1;
            }
        }
        out.push_str(&String::from_utf16_lossy(&units));
    }
    out
}

/// What a letter of base 64 stands for.
pub(crate) fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
