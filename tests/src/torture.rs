//! How much the sweeps try, and by which numbers.

/// Whether the long sweeps are wanted, by `DOVETAIL_TORTURE`: every point instead of some, thousands
/// of rounds instead of hundreds.
#[expect(clippy::disallowed_methods, reason = "tests look at their own environment")]
pub fn torture() -> bool {
    std::env::var_os("DOVETAIL_TORTURE").is_some_and(|value| !value.is_empty())
}

/// A repeatable series of numbers.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Begins the series that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds begin far from each other; 0 would stay 0.
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Returns the next number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).expect("a length fits into 64 bits");
        usize::try_from((self.0 >> 16) % end).expect("it is below a length")
    }
}

/// Damages `bytes` in one of the ways of disks and networks.
pub fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    let end = (at + 1 + numbers.below(4096)).min(bytes.len());
    match numbers.below(8) {
        0 => bytes.truncate(at),
        1 => bytes[at..end].fill(0),
        2 => bytes[at..].rotate_left(1),
        3 => bytes.extend_from_within(at..end),
        _ => bytes[at] ^= 1 << numbers.below(8),
    }
}
