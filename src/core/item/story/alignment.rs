//! Two texts laid side by side: what stands in one order in both, and what stands in the gaps.

use super::index::is_near;
use super::reading::{Reading, Token, TokenKind};

/// Two texts, aligned.
pub(super) struct Alignment<'f> {
    /// What stands in one order in both, as a share of the lighter text.
    pub(super) share: f32,
    /// The weight of what stands in either where the other has nothing in its place.
    pub(super) apart: (f32, f32),
    /// The weights of both.
    pub(super) weights: (f32, f32),
    pub(super) gaps: Vec<Gap<'f>>,
}

/// Where a text aligned with another one has a gap: what one says in place of what the other says.
pub(super) struct Gap<'f> {
    pub(super) a: Vec<&'f Token>,
    pub(super) b: Vec<&'f Token>,
}

impl Gap<'_> {
    /// Whether each has something, and about as much of it.
    pub(super) fn is_exchange(&self) -> bool {
        let figures = |tokens: &[&Token]| {
            tokens
                .iter()
                .filter(|token| token.figure().is_some())
                .count()
        };
        !self.a.is_empty()
            && !self.b.is_empty()
            && self.a.len().abs_diff(self.b.len()) <= 1
            && figures(&self.a) == figures(&self.b)
    }
}

/// The order that two texts have in common: its weight as a share of the lighter text, and the gaps in it.
pub(super) fn align<'f>(a: &'f Reading, b: &'f Reading) -> Alignment<'f> {
    let (a, b): (Vec<&Token>, Vec<&Token>) = (a.tokens.iter().collect(), b.tokens.iter().collect());
    let is_same = |one: &Token, other: &Token| {
        one.text == other.text
            || match (&one.kind, &other.kind) {
                (TokenKind::Figure(a), TokenKind::Figure(b)) => {
                    a.agrees(b) && (a.of == b.of || a.is_specific()) && a.role == b.role
                }
                (TokenKind::Run, TokenKind::Run) => {
                    one.text.starts_with(other.text.as_str())
                        || other.text.starts_with(one.text.as_str())
                }
                (TokenKind::Name | TokenKind::Word, TokenKind::Name | TokenKind::Word) => {
                    is_near(&one.text, &other.text)
                }
                _ => false,
            }
    };
    let weight = |token: &Token| token.weight().max(0.1);
    let columns = b.len() + 1;
    let mut table = vec![0.0_f32; (a.len() + 1) * columns];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * columns + j] = if is_same(a[i], b[j]) {
                table[(i + 1) * columns + j + 1] + weight(a[i]).min(weight(b[j]))
            } else {
                table[(i + 1) * columns + j].max(table[i * columns + j + 1])
            };
        }
    }
    let mut gaps = Vec::new();
    let mut gap = Gap {
        a: Vec::new(),
        b: Vec::new(),
    };
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && is_same(a[i], b[j]) {
            gaps.push(std::mem::replace(
                &mut gap,
                Gap {
                    a: Vec::new(),
                    b: Vec::new(),
                },
            ));
            (i, j) = (i + 1, j + 1);
        } else if j >= b.len()
            || i < a.len() && table[(i + 1) * columns + j] >= table[i * columns + j + 1]
        {
            gap.a.push(a[i]);
            i += 1;
        } else {
            gap.b.push(b[j]);
            j += 1;
        }
    }
    gaps.push(gap);
    let all = |tokens: &[&Token]| tokens.iter().map(|token| weight(token)).sum::<f32>();
    let weights = (all(&a), all(&b));
    let share = |part: f32, of: f32| if of > 0.0 { part / of } else { 0.0 };
    let in_gaps = gaps.iter().map(|gap| gap.a.len()).sum::<usize>();
    let counted = share((a.len() - in_gaps) as f32, a.len().min(b.len()) as f32);
    Alignment {
        share: share(table[0], weights.0.min(weights.1))
            .max(counted)
            .min(1.0),
        apart: gaps
            .iter()
            .filter(|gap| !gap.is_exchange())
            .fold((0.0, 0.0), |(a, b), gap| (a + all(&gap.a), b + all(&gap.b))),
        weights,
        gaps,
    }
}
