//! Progress on stderr, where somebody watches; silent everywhere else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A line that moves while questions are being answered.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Progress through so many questions.
    pub(crate) fn new(questions: usize) -> Self {
        let bar = ProgressBar::new(questions as u64);
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {pos} of {len} questions answered, {elapsed}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// One more question is answered.
    pub(crate) fn advance(&self) {
        self.0.inc(1);
    }

    /// Prints to stdout without drawing over it.
    pub(crate) fn around(&self, print: impl FnOnce()) {
        self.0.suspend(print);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
