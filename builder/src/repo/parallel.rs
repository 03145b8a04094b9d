//! The same work on many things, on all cores. What comes of it does not show how many there are.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Does `work` on each of `things`; returns what came of it, in their order, or the first failure.
///
/// After a failure nothing more is begun. As things are begun in order, the first failure is the same
/// in every run.
pub(super) fn try_map<T: Sync, R: Send, E: Send>(
    things: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let share = || {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(at) else { break };
            let result = work(thing);
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            done.push((at, result));
        }
        done
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(things.len());
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(share)).collect();
        let own = share();
        others.into_iter().fold(own, |mut done, other| {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            done
        })
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_and_the_first_failure_counts() {
        let numbers: Vec<u32> = (0..1000).collect();
        let doubled = try_map(&numbers, |n| Ok::<_, u32>(2 * n)).unwrap();
        assert!(doubled.iter().copied().eq((0..1000).map(|n| 2 * n)));
        let failed = try_map(&numbers, |n| if n % 100 == 99 { Err(*n) } else { Ok(*n) });
        assert_eq!(failed, Err(99));
        assert_eq!(try_map(&[], |n: &u32| Err::<u32, u32>(*n)), Ok(vec![]));
    }
}
