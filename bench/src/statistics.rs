//! Medians and other quantiles.

/// Times in milliseconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn add(&mut self, times: impl IntoIterator<Item = f64>) {
        self.0.extend(times);
        self.0.sort_by(f64::total_cmp);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn median(&self) -> Option<f64> {
        self.quantile(1, 2)
    }

    pub(crate) fn p95(&self) -> Option<f64> {
        self.quantile(19, 20)
    }

    /// The quantile `part`/`whole`: the smallest time that this fraction of all times does not exceed.
    fn quantile(&self, part: usize, whole: usize) -> Option<f64> {
        let rank = (self.0.len() * part).div_ceil(whole);
        self.0.get(rank.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_times() {
        let mut times = Times::default();
        assert_eq!(times.median(), None);
        times.add([3.0, 1.0, 2.0]);
        assert_eq!((times.median(), times.p95()), (Some(2.0), Some(3.0)));
        times.add([4.0]);
        assert_eq!((times.median(), times.count()), (Some(2.0), 4));
        times.add((0..96).map(|_| 0.0));
        assert_eq!(times.p95(), Some(0.0));
    }
}
