//! Many questions on a few threads, answered in the order in which they were asked.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// A question: work that needs nobody else's result.
pub(crate) type Job<'a, T> = Box<dyn FnOnce() -> T + Send + 'a>;

/// Runs `jobs` on `workers` threads, first come first served, and hands every result to `take` in
/// the order of the jobs, as soon as all before it were taken.
pub(crate) fn run<T: Send>(workers: NonZeroUsize, jobs: Vec<Job<'_, T>>, mut take: impl FnMut(T)) {
    let queue: Mutex<VecDeque<_>> = Mutex::new(jobs.into_iter().enumerate().collect());
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers.get() {
            let (queue, sender) = (&queue, sender.clone());
            scope.spawn(move || {
                let next = || {
                    queue
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .pop_front()
                };
                while let Some((place, job)) = next() {
                    if sender.send((place, job())).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut turn = 0;
        for (place, result) in results {
            early.insert(place, result);
            while let Some(result) = early.remove(&turn) {
                turn += 1;
                take(result);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_number_of_workers() {
        for workers in [1, 2, 7] {
            let jobs = (0..50).map(|number| -> Job<'_, u32> { Box::new(move || number * number) });
            let mut taken = Vec::new();
            let workers = NonZeroUsize::new(workers).expect("a number of workers");
            run(workers, jobs.collect(), |result| taken.push(result));
            assert_eq!(
                taken,
                (0..50).map(|number| number * number).collect::<Vec<_>>()
            );
        }
    }
}
