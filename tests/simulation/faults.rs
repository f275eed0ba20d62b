//! What can go wrong at the ports, and how often it does for now.

use super::dice::Dice;

/// How an exchange over the network goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Fine,
    /// The request never arrives.
    Lost,
    /// The request cannot leave.
    Offline,
    /// The request arrives; its answer does not.
    AnswerLost,
    /// The request arrives; nothing ever comes back.
    Hangs,
    /// A status, and the seconds of `Retry-After`.
    Status(u16, Option<u16>),
    /// A page of a wall in between.
    Page(u16),
    /// 200, and half a JSON document.
    Garbage,
}

/// How a page that should redirect goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFate {
    Fine,
    FramingRefused,
    Hangs,
    LoadFailed,
    NameNotResolved,
    Offline,
    PageShown,
    Refused,
    ServerError,
    Unavailable,
}

/// How often what goes wrong: percent of the exchanges.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub api: u64,
    pub offline: bool,
    pub pages: u64,
    pub proof_key: u64,
    pub provider: u64,
    /// The one thing that goes wrong at the provider; `None`: anything.
    pub outage: Option<Fate>,
    pub reads: u64,
    pub writes: u64,
}

const AT_PROVIDER: [Fate; 10] = [
    Fate::Lost,
    Fate::AnswerLost,
    Fate::AnswerLost,
    Fate::Hangs,
    Fate::Status(500, None),
    Fate::Status(503, Some(20)),
    Fate::Status(503, Some(90)),
    Fate::Status(429, Some(150)),
    Fate::Page(200),
    Fate::Garbage,
];

const AT_API: [Fate; 5] = [
    Fate::Lost,
    Fate::AnswerLost,
    Fate::Hangs,
    Fate::Status(500, None),
    Fate::Page(403),
];

const OF_PAGES: [PageFate; 8] = [
    PageFate::FramingRefused,
    PageFate::Hangs,
    PageFate::LoadFailed,
    PageFate::NameNotResolved,
    PageFate::PageShown,
    PageFate::Refused,
    PageFate::ServerError,
    PageFate::Unavailable,
];

impl Faults {
    pub fn at_provider(&self, dice: &mut Dice) -> Fate {
        match (self.offline, dice.chance(self.provider)) {
            (true, _) => Fate::Offline,
            (_, true) => self.outage.unwrap_or_else(|| dice.pick(&AT_PROVIDER)),
            _ => Fate::Fine,
        }
    }

    pub fn at_api(&self, dice: &mut Dice) -> Fate {
        match (self.offline, dice.chance(self.api)) {
            (true, _) => Fate::Lost,
            (_, true) => dice.pick(&AT_API),
            _ => Fate::Fine,
        }
    }

    pub fn of_page(&self, dice: &mut Dice) -> PageFate {
        match (self.offline, dice.chance(self.pages)) {
            (true, _) => PageFate::Offline,
            (_, true) => dice.pick(&OF_PAGES),
            _ => PageFate::Fine,
        }
    }
}
