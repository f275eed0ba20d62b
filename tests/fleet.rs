//! A fleet of installations that signed in at the same time: how many of them renew in the same second.
//!
//! `cargo test -p evertoken --test fleet -- --nocapture` prints the figures.

#![expect(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "figures, for whoever asks for them"
)]

use std::time::Duration;

use evertoken::session::schedule::due_after;

/// How many installations there are.
const FLEET: u64 = 100_000;
/// How many lifetimes of a token are simulated.
const LIFETIMES: u64 = 6;
/// The setting `session.renew_before_expiry_s`, as it is by default.
const LEAD: Duration = Duration::from_secs(60);

/// The renewals that begin in each span of `bin`, over all lifetimes.
fn renewals(lifetime: Duration, bin: Duration, spreads_the_first: bool) -> Vec<u64> {
    let bin = bin.as_millis();
    let end = lifetime.as_millis() * u128::from(LIFETIMES);
    let mut bins = vec![0; usize::try_from(end / bin).unwrap_or(0)];
    for installation in 0..FLEET {
        let mut at = 0;
        let mut is_first = spreads_the_first;
        for renewal in 0.. {
            let token = format!("{installation}.{renewal}");
            at += due_after(&token, lifetime, LEAD, is_first).as_millis();
            is_first = false;
            let Some(count) = usize::try_from(at / bin)
                .ok()
                .and_then(|bin| bins.get_mut(bin))
            else {
                break;
            };
            *count += 1;
        }
    }
    bins
}

/// The most that begin in a second, over the mean, from the second lifetime on.
fn peak_over_mean(lifetime: Duration, bin: Duration, spreads_the_first: bool) -> f64 {
    let bins = renewals(lifetime, bin, spreads_the_first);
    let per_lifetime = usize::try_from(lifetime.as_millis() / bin.as_millis()).unwrap_or(0);
    let later = &bins[per_lifetime..];
    let seconds = bin.as_secs_f64();
    let peak = later.iter().copied().max().unwrap_or(0) as f64 / seconds;
    let mean = later.iter().sum::<u64>() as f64 / later.len() as f64 / seconds;
    println!(
        "lifetime {:>4} s: mean {mean:6.1} renewals/s, peak {peak:6.1}, ratio {:.2}",
        lifetime.as_secs(),
        peak / mean
    );
    peak / mean
}

#[test]
fn a_fleet_that_signed_in_at_once_renews_evenly_after_the_first_lifetime() {
    for lifetime in [300_u64, 900, 3600] {
        // Seconds of a long life hold too few renewals: chance alone would make peaks.
        let bin = Duration::from_secs(lifetime.div_ceil(900));
        let ratio = peak_over_mean(Duration::from_secs(lifetime), bin, true);
        assert!(ratio <= 1.5, "the peak is {ratio:.2} of the mean");
    }
}

#[test]
fn without_the_spread_of_the_first_renewal_the_fleet_comes_in_waves() {
    let ratio = peak_over_mean(Duration::from_secs(900), Duration::from_secs(1), false);
    assert!(ratio > 1.5, "then there is no need for it: {ratio:.2}");
}
