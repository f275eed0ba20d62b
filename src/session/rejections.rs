//! What APIs said of the present tokens: which of them refused one, and where.
//!
//! An API that says `invalid_token` speaks of the token: it is not sent to that API again. Any other 401 may be about the
//! place as well, a page for administrators for instance, and concerns that place alone.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::tokens::PathId;
use crate::platform::UnixTime;

/// How long no renewal is started for a place that rejected a fresh token; it doubles each time that it does so again.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);
/// So many of each kind are remembered. Beyond that the pause is forgotten that ends first, and a stale token may be sent once
/// more.
const MOST: usize = 64;

/// The refusals. A key is `API` or `API/path`: the API's place in the settings and the path's number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rejections {
    /// Where the present token was refused: it is not sent there again.
    #[serde(default)]
    stale: Vec<String>,
    /// Where a token was refused that had just been renewed.
    #[serde(default)]
    fresh: Vec<(String, Pause)>,
}

/// How long no renewal is started for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pause {
    until: UnixTime,
    /// How long that was from its beginning, in milliseconds.
    length_ms: u64,
}

impl Pause {
    fn length(self) -> Duration {
        Duration::from_millis(self.length_ms)
    }

    /// One that is farther away than it is long was reckoned by a clock that has been set back since.
    fn lasts(self, now: UnixTime) -> bool {
        now < self.until && self.until <= now.plus(self.length())
    }
}

impl Rejections {
    /// The present token was refused by the API, or at this path of it.
    pub(super) fn is_stale(&self, api: usize, path: Option<PathId>) -> bool {
        let is_stale = |path| self.stale.contains(&key(api, path));
        is_stale(None) || path.is_some() && is_stale(path)
    }

    /// The present token was refused somewhere at the API.
    pub(super) fn is_doubted(&self, api: usize) -> bool {
        let of_paths = key(api, None) + "/";
        let mut stale = self.stale.iter();
        self.is_stale(api, None) || stale.any(|key| key.starts_with(&of_paths))
    }

    /// A fresh token was refused at this path lately.
    pub(super) fn rejects_fresh(&self, api: usize, path: Option<PathId>, now: UnixTime) -> bool {
        let pause = self.pause(&key(api, path));
        pause.is_some_and(|pause| pause.lasts(now))
    }

    /// The API refused the present token: by its own word (`path` is `None`), or at this path.
    pub(super) fn add_stale(&mut self, api: usize, path: Option<PathId>) {
        let key = key(api, path);
        if self.stale.len() < MOST && !self.stale.contains(&key) {
            self.stale.push(key);
        }
    }

    /// A token that was just renewed was refused at this path. Calls that were on their way together count once.
    pub(super) fn add_fresh(&mut self, api: usize, path: Option<PathId>, now: UnixTime) {
        let key = key(api, path);
        let length = match self.pause(&key) {
            Some(pause) if pause.lasts(now) => return,
            Some(pause) => (pause.length() * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE),
            None => FIRST_PAUSE,
        };
        let pause = Pause {
            until: now.plus(length),
            length_ms: length.as_millis().try_into().unwrap_or(u64::MAX),
        };
        self.fresh.retain(|(known, _)| *known != key);
        if self.fresh.len() == MOST {
            let first = self.fresh.iter().map(|(_, pause)| pause.until).min();
            self.fresh.retain(|(_, pause)| Some(pause.until) != first);
        }
        self.fresh.push((key, pause));
    }

    fn pause(&self, key: &str) -> Option<Pause> {
        let mut fresh = self.fresh.iter();
        fresh.find_map(|(known, pause)| (known == key).then_some(*pause))
    }

    /// A call with the present token was let in at this path.
    pub(super) fn remove(&mut self, api: usize, path: Option<PathId>) {
        if !self.stale.is_empty() || !self.fresh.is_empty() {
            let key = key(api, path);
            self.stale.retain(|known| *known != key);
            self.fresh.retain(|(known, _)| *known != key);
        }
    }

    /// There are new tokens: what was stale is not any more, and who refused fresh ones may refuse these too.
    pub(super) fn renewed(&mut self) {
        self.stale.clear();
    }
}

fn key(api: usize, path: Option<PathId>) -> String {
    match path {
        None => api.to_string(),
        Some(path) => [api.to_string(), path.to_string()].join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> UnixTime {
        UnixTime(seconds * 1000)
    }

    #[test]
    fn a_place_that_refuses_is_not_its_neighbour_unless_the_api_speaks_of_the_token() {
        let mut rejections = Rejections::default();
        rejections.add_stale(0, Some(7));
        let stale = |it: &Rejections| {
            [(0, 7), (0, 8), (1, 7)].map(|(api, path)| it.is_stale(api, Some(path)))
        };
        assert_eq!(stale(&rejections), [true, false, false]);
        assert!(rejections.is_doubted(0) && !rejections.is_doubted(1));
        rejections.add_stale(0, None);
        assert_eq!(stale(&rejections), [true, true, false]);
        rejections.renewed();
        assert_eq!(stale(&rejections), [false; 3]);
    }

    #[test]
    fn the_pause_of_a_place_that_refuses_fresh_tokens_doubles_to_an_hour_and_ends_when_it_lets_one_in()
     {
        let mut rejections = Rejections::default();
        let mut now = at(0);
        let mut pauses = Vec::new();
        for _ in 0..9 {
            // Two calls that were on their way together.
            rejections.add_fresh(0, Some(7), now);
            rejections.add_fresh(0, Some(7), now);
            rejections.renewed();
            let begin = now;
            while rejections.rejects_fresh(0, Some(7), now) {
                now = now.plus(FIRST_PAUSE);
            }
            pauses.push(now.milliseconds_since(begin) / 30_000);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 120, 120]);
        assert!(!rejections.rejects_fresh(0, Some(8), at(1)));
        rejections.remove(0, Some(7));
        rejections.add_fresh(0, Some(7), at(0));
        assert!(!rejections.rejects_fresh(0, Some(7), at(30)));
    }

    #[test]
    fn a_clock_that_is_set_back_ends_a_pause() {
        let mut rejections = Rejections::default();
        rejections.add_fresh(0, Some(7), at(100_000));
        assert!(!rejections.rejects_fresh(0, Some(7), at(0)));
    }

    #[test]
    fn the_places_are_counted() {
        let mut rejections = Rejections::default();
        (0..1000).for_each(|path| rejections.add_fresh(0, Some(path), at(path.into())));
        assert_eq!(rejections.fresh.len(), MOST);
        assert!(rejections.rejects_fresh(0, Some(999), at(1000)));
    }
}
