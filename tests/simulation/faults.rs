//! The faults of the ports, and how often each happens at present.

use super::dice::Dice;

/// The outcome of a request over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Fine,
    /// The request never arrives.
    Lost,
    /// The request cannot be sent.
    Offline,
    /// The request arrives; its response is lost.
    AnswerLost,
    /// The request arrives; no response ever comes.
    Hangs,
    /// A response with this status, and this number of seconds in `Retry-After`.
    Status(u16, Option<u16>),
    /// A page with this status from a server in front, such as a firewall.
    Page(u16),
    /// Status 200, and half a JSON document.
    Garbage,
}

/// The outcome of a page that should redirect.
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

/// The probability of each fault, in percent.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub api: u64,
    pub offline: bool,
    pub pages: u64,
    pub proof_key: u64,
    pub provider: u64,
    /// The only fault of the provider; `None`: a random one each time.
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
