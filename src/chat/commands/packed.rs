//! Items in few letters, which may stand in a button's data and in an address: so that a button or a link needs nothing kept
//! to say what it shows.

use tidings_core::ids::ItemId;

/// More letters than stand in a button or a link.
const MOST: usize = 64;

/// Each stands for five bits; those of the second half say that more of the same number follow.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const BITS: u32 = 5;

const GOES_ON: u64 = 1 << BITS;

/// The numbers of items, as the steps from one to the next in the order of the numbers: those of a roundup lie close
/// together, so most take one letter.
pub fn pack(items: &[ItemId]) -> String {
    let numbers = items.iter().map(|item| item.get());
    let mut numbers: Vec<u64> = numbers.filter_map(|id| id.try_into().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut packed = String::new();
    let mut last = 0;
    for number in numbers {
        let mut step = number - last;
        last = number;
        loop {
            let rest = step >> BITS;
            let goes_on = if rest > 0 { GOES_ON } else { 0 };
            let letter = usize::try_from((step % GOES_ON) | goes_on).unwrap_or_default();
            packed.push(char::from(LETTERS[letter]));
            if rest == 0 {
                break;
            }
            step = rest;
        }
    }
    packed
}

/// Reads what [`pack`] wrote; `None` if it didn't.
pub(super) fn unpack(packed: &str) -> Option<Vec<ItemId>> {
    if packed.is_empty() || packed.len() > MOST {
        return None;
    }
    let mut items = Vec::new();
    let (mut number, mut step, mut shift): (u64, u64, u32) = (0, 0, 0);
    for byte in packed.bytes() {
        let value = LETTERS.iter().position(|letter| *letter == byte)?;
        let value = u64::try_from(value).ok()?;
        step |= (value % GOES_ON)
            .checked_shl(shift)
            .filter(|_| shift < 60)?;
        if value >= GOES_ON {
            shift += BITS;
            continue;
        }
        number = number.checked_add(step).filter(|_| step > 0)?;
        items.push(ItemId::new(number.try_into().ok()?));
        (step, shift) = (0, 0);
    }
    // The last number ends.
    (shift == 0).then_some(items)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(items: &[ItemId]) -> Vec<i64> {
        items.iter().map(|item| item.get()).collect()
    }

    fn items(numbers: &[i64]) -> Vec<ItemId> {
        numbers.iter().copied().map(ItemId::new).collect()
    }

    #[test]
    fn neighbours_take_a_letter_each() {
        assert_eq!(pack(&items(&[8, 6, 7, 7])), "GBB");
        let many: Vec<i64> = (0..50).map(|at| 1_234_567 + 7 * at).collect();
        let packed = pack(&items(&many));
        assert_eq!(packed.len(), 5 + 49);
        assert_eq!(unpack(&packed).map(|found| numbers(&found)), Some(many));
    }

    #[test]
    fn what_was_never_packed_is_nothing() {
        let long = "B".repeat(MOST + 1);
        for strange in [
            "",
            "A",
            "GA",
            "g",
            "G!",
            "G B",
            "북한",
            "_______________B",
            &long,
        ] {
            assert_eq!(unpack(strange), None, "{strange}");
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_again(ids in prop::collection::btree_set(1_i64..=i64::MAX >> 4, 1..5)) {
            let packed = pack(&items(&ids.iter().copied().collect::<Vec<_>>()));
            let read = unpack(&packed).map(|found| numbers(&found));
            prop_assert_eq!(read, Some(ids.iter().copied().collect::<Vec<_>>()));
            prop_assert!(packed.bytes().all(|byte| LETTERS.contains(&byte)));
        }
    }
}
