//! The window: which of the latest numbers were accepted (RFC 4303 section 3.4.3, RFC 6479).
//!
//! A ring of bits, one for each number that is still told apart. It decides nothing: whether a number
//! is too old or was seen is asked by the guard table.

/// How many numbers a window can hold.
pub const WINDOW_WIDTH_MAX: u64 = 1024;

const BITS: u64 = u64::BITS as u64;
const WORDS: usize = (WINDOW_WIDTH_MAX / BITS) as usize;

/// Which of the latest numbers were accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// One more than the highest number; zero before the first.
    top: u64,
    /// How many numbers up to the highest are told apart.
    width: u64,
    // INVARIANT: bit `n % 1024` is of number `n`, for the last 1,024 numbers up to the highest.
    words: [u64; WORDS],
}

impl Window {
    /// A window that nothing was accepted in.
    pub(crate) fn new(width: u64) -> Self {
        Self {
            top: 0,
            width: width.min(WINDOW_WIDTH_MAX),
            words: [0; WORDS],
        }
    }

    /// One more than the highest number accepted; zero before the first.
    pub(crate) fn top(&self) -> u64 {
        self.top
    }

    /// Whether the number was accepted, as far as the window reaches; beyond either of its ends it
    /// remembers nothing.
    pub(crate) fn remembers(&self, number: u64) -> bool {
        let inside = number < self.top && self.top <= number.saturating_add(self.width);
        inside && self.word(number) & bit(number) != 0
    }

    /// Remembers a number, unless it is too old to be told apart, and slides so as to end at `top`.
    pub(crate) fn mark(&mut self, number: u64, top: u64) {
        // What slides in was not accepted yet, whatever stood in its place.
        if top.saturating_sub(self.top) >= WINDOW_WIDTH_MAX {
            self.words = [0; WORDS];
        } else {
            for fresh in self.top..top {
                self.change(fresh, |word| word & !bit(fresh));
            }
        }
        self.top = top;
        // The place of a number that is too old is another's.
        if top <= number.saturating_add(WINDOW_WIDTH_MAX) {
            self.change(number, |word| word | bit(number));
        }
    }

    fn word(&self, number: u64) -> u64 {
        self.words.get(place(number)).copied().unwrap_or_default()
    }

    fn change(&mut self, number: u64, change: impl Fn(u64) -> u64) {
        if let Some(word) = self.words.get_mut(place(number)) {
            *word = change(*word);
        }
    }
}

fn bit(number: u64) -> u64 {
    1 << (number % BITS)
}

/// Where the word of a number is; always less than [`WORDS`].
fn place(number: u64) -> usize {
    usize::try_from(number % WINDOW_WIDTH_MAX / BITS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn marked(window: &mut Window, number: u64) {
        let top = window.top().max(number + 1);
        window.mark(number, top);
    }

    #[test]
    fn a_window_remembers_exactly_its_width() {
        let mut window = Window::new(WINDOW_WIDTH_MAX);
        for number in 0..5000 {
            marked(&mut window, number);
        }
        assert_eq!(window.top(), 5000);
        assert!(!window.remembers(3975));
        assert!((3976..5000).all(|number| window.remembers(number)));
        assert!(!window.remembers(5000));
    }

    #[test]
    fn what_slides_in_is_new_however_far_the_window_slides() {
        for jump in [1, 2, 63, 64, 65, 1023, 1024, 1025, 1 << 40] {
            let mut window = Window::new(WINDOW_WIDTH_MAX);
            for number in 0..2048 {
                marked(&mut window, number);
            }
            marked(&mut window, 2047 + jump);
            for number in 2048..(2047 + jump).min(5000) {
                assert!(!window.remembers(number), "{number} after {jump}");
            }
            assert!(window.remembers(2047 + jump));
            assert_eq!(window.remembers(2047), jump < WINDOW_WIDTH_MAX);
        }
    }

    #[test]
    fn the_largest_number_does_not_wrap() {
        let mut window = Window::new(WINDOW_WIDTH_MAX);
        window.mark(u64::MAX - 1, u64::MAX);
        assert!(window.remembers(u64::MAX - 1));
        assert!(!window.remembers(u64::MAX));
        assert!(!window.remembers(0));
    }

    /// Guards keep both away; a window is sound without them, so that flawed rules show their own flaw.
    #[test]
    fn a_mark_is_kept_when_it_is_made_again_and_one_too_old_takes_no_others_place() {
        let mut window = Window::new(WINDOW_WIDTH_MAX);
        marked(&mut window, 5000);
        marked(&mut window, 5000);
        assert!(window.remembers(5000));
        marked(&mut window, 5000 - 2 * WINDOW_WIDTH_MAX + 1);
        assert!((3977..5000).all(|number| !window.remembers(number)));
    }

    proptest! {
        /// A set of all that was accepted, asked about what is inside the window, says the same.
        #[test]
        fn a_window_agrees_with_a_set(
            width in 1..=WINDOW_WIDTH_MAX,
            steps in proptest::collection::vec((0u64..3000, 0u64..40), 1..200),
        ) {
            let mut window = Window::new(width);
            let mut accepted = BTreeSet::new();
            let mut base = 0;
            for (back, forth) in steps {
                // Around the highest number, on either side of it.
                let number = (base + forth).saturating_sub(back * u64::from(forth % 3 == 0));
                marked(&mut window, number);
                accepted.insert(number);
                let top = accepted.last().map_or(0, |highest| highest + 1);
                base = top;
                prop_assert_eq!(window.top(), top);
                for asked in top.saturating_sub(width + 3)..top + 3 {
                    let expected = accepted.contains(&asked) && top <= asked + width;
                    prop_assert_eq!(window.remembers(asked), expected, "{}", asked);
                }
            }
        }
    }
}
