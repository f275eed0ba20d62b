//! The ports by which the worker reaches the provider: its endpoints over the network, its pages through the browser.

use std::rc::Rc;
use std::time::Duration;

use evertoken::platform::{
    HttpClient, HttpRequest, HttpResponse, LocalFuture, NetworkError, RedirectUrl, SilentCarrier,
    SilentRequest, UnixTime, UserAgent, UserAgentError,
};
use evertoken_provider_core::{Crypto, Parameters, parse_parameters};
use futures_util::FutureExt;
use url::Url;

use super::faults::{Fate, PageFate};
use super::provider::{Answer, Brings, REDIRECT_URI, WEB_MESSAGE_REDIRECT_URI};
use super::world::{Port, Reply, World};

type HttpReply = Reply<Result<HttpResponse, NetworkError>>;
type PageReply = Reply<Result<RedirectUrl, UserAgentError>>;

impl HttpClient for Port {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, NetworkError>> {
        let world = &self.world;
        let (reply, answer) = self.reply::<Result<HttpResponse, NetworkError>>();
        let (fate, there, back) = {
            let mut dice = world.dice.borrow_mut();
            let fate = world.faults.borrow().at_provider(&mut dice);
            (fate, dice.between(5, 60), dice.between(5, 60))
        };
        world.timeline.tell(|| {
            let path = request.url.path();
            format!("worker {} asks {path} ({fate:?})", self.worker)
        });
        let limit = milliseconds(request.timeout);
        let timed_out = reply.clone();
        world
            .timeline
            .plan(limit, "a request times out", move |world| {
                timed_out.send(world, Err(NetworkError::Timeout))
            });
        let renews = self.is_of_a_renewal(&request);
        if request.url.path() == "/par" {
            world.watch.borrow_mut().authorizations += 1;
        }
        if let Some(token) = refresh_token_of(&request) {
            world.check_refresh(&token);
            let mut watch = world.watch.borrow_mut();
            if fate != Fate::Offline {
                watch.doubtful.insert(token);
            }
        }
        if fate == Fate::Offline {
            world.timeline.plan(1, "there is no network", move |world| {
                reply.send(world, Err(NetworkError::Offline))
            });
        } else if fate == Fate::Lost {
            world
                .timeline
                .plan(there, "a request is lost", move |world| {
                    reply.send(world, Err(NetworkError::Unreachable))
                });
        } else {
            world
                .timeline
                .plan(there, "a request arrives", move |world| {
                    arrive(world, &request, fate, back, reply);
                    true
                });
        }
        match renews {
            true => self.in_renewal(answer).boxed_local(),
            false => answer,
        }
    }
}

impl Port {
    /// Whether the request belongs to a renewal: a refresh, or the exchange of a code from a silent authorization.
    fn is_of_a_renewal(&self, request: &HttpRequest) -> bool {
        let Some(form) = request
            .form
            .as_ref()
            .filter(|_| request.url.path() == "/token")
        else {
            return false;
        };
        let form = parameters(&form.0);
        match form.get("code") {
            Some(code) => self.world.provider.borrow().is_silent_code(code),
            None => true,
        }
    }
}

fn parameters(text: &str) -> Parameters {
    parse_parameters(text).unwrap()
}

fn refresh_token_of(request: &HttpRequest) -> Option<String> {
    let form = request.form.as_ref()?;
    parameters(&form.0).remove("refresh_token")
}

/// The request arrives: the provider processes it, whether or not the response will arrive.
fn arrive(world: &Rc<World>, request: &HttpRequest, fate: Fate, back: i64, reply: HttpReply) {
    let (response, brings) = respond(world, request, fate);
    if world.provider.borrow().has_seen_a_code_twice() {
        world.violated("a code was redeemed twice");
    }
    let refresh_token = refresh_token_of(request);
    match fate {
        Fate::Hangs => {}
        Fate::AnswerLost => world
            .timeline
            .plan(back, "an answer is lost", move |world| {
                reply.send(world, Err(NetworkError::Unreachable))
            }),
        _ => world
            .timeline
            .plan(back, "an answer arrives", move |world| {
                let (status, retry_after) = (response.status, response.retry_after);
                let heard = reply.send(world, Ok(response));
                if heard {
                    world
                        .timeline
                        .tell(|| format!("status {status}, brings {brings:?}"));
                    let mut watch = world.watch.borrow_mut();
                    watch.heard(status, retry_after, world.timeline.wall());
                    watch.brought(reply.worker, brings);
                    if let Some(token) = refresh_token {
                        watch.doubtful.remove(&token);
                    }
                }
                heard
            }),
    }
}

fn respond(world: &World, request: &HttpRequest, fate: Fate) -> (HttpResponse, Brings) {
    let mut provider = world.provider.borrow_mut();
    provider.now_ms = world.timeline.honest();
    let mut nonce = None;
    let answer = match fate {
        Fate::Status(status, _) => plain(status, "{}"),
        Fate::Page(status) => plain(status, "<html>Please wait</html>"),
        _ => {
            let behavior = &provider.behavior;
            nonce = (behavior.dpop && behavior.dpop_nonce_required)
                .then(|| provider.dpop_nonce().to_owned());
            match (&request.form, request.url.path()) {
                (None, "/jwks") => plain(200, &provider.crypto.key_set().to_string()),
                (None, _) => plain(200, &provider.metadata().to_string()),
                (Some(form), path) => {
                    let proof = request.dpop_proof.as_ref().map(|proof| proof.expose());
                    provider.post(path, parameters(&form.0), proof)
                }
            }
        }
    };
    let mut body = answer.body.into_bytes();
    let mut brings = answer.brings;
    if fate == Fate::Garbage {
        body.truncate(body.len() / 2);
        brings = Brings::Nothing;
    }
    let html = matches!(fate, Fate::Page(_));
    let retry_after = match fate {
        Fate::Status(_, seconds) => seconds,
        _ => None,
    };
    let clock = UnixTime(provider.clock() * 1000);
    let response = HttpResponse {
        status: answer.status,
        media_type: if html {
            "text/html"
        } else {
            "application/json"
        }
        .to_owned(),
        body,
        server_time: world.plan.tells_time.then_some(clock),
        dpop_nonce: nonce,
        location: None,
        retry_after: retry_after.map(|seconds| Duration::from_secs(seconds.into())),
    };
    (response, brings)
}

fn plain(status: u16, body: &str) -> Answer {
    Answer {
        status,
        body: body.to_owned(),
        brings: Brings::Nothing,
    }
}

impl UserAgent for Port {
    fn redirect_uri(&self) -> String {
        REDIRECT_URI.to_owned()
    }

    fn web_message_redirect_uri(&self) -> String {
        WEB_MESSAGE_REDIRECT_URI.to_owned()
    }

    fn authorize_interactively(
        &self,
        url: Url,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let (reply, answer) = self.reply();
        let world = &self.world;
        let person = world.person.get();
        world
            .timeline
            .tell(|| format!("a sign-in window opens; {person:?}"));
        let sign_outs = world.watch.borrow().sign_outs;
        world
            .timeline
            .plan(person.takes_ms, "the person acts", move |world| {
                if !person.completes || world.faults.borrow().offline {
                    return reply.send(world, Err(UserAgentError::Closed));
                }
                let redirect = {
                    let mut provider = world.provider.borrow_mut();
                    provider.now_ms = world.timeline.honest();
                    provider.set_session(Some(person.user));
                    provider.authorize(url.query().unwrap_or_default())
                };
                let heard = answer_page(world, redirect, &reply);
                if heard {
                    world.watch.borrow_mut().window_answered(sign_outs);
                }
                heard
            });
        answer
    }

    fn authorize_silently(
        &self,
        request: SilentRequest,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let (reply, answer) = self.reply();
        let world = &self.world;
        let limit = milliseconds(request.timeout);
        let (fate, delay) = {
            let mut dice = world.dice.borrow_mut();
            let fate = match world.faults.borrow().of_page(&mut dice) {
                PageFate::FramingRefused if request.carrier == SilentCarrier::WebAuthFlow => {
                    PageFate::PageShown
                }
                fate => fate,
            };
            (fate, dice.between(10, 120))
        };
        world
            .timeline
            .tell(|| format!("worker {}: {} ({fate:?})", self.worker, request.carrier));
        world.watch.borrow_mut().authorizations += 1;
        let timed_out = reply.clone();
        world
            .timeline
            .plan(limit, "a page times out", move |world| {
                timed_out.send(world, Err(UserAgentError::Timeout))
            });
        world
            .timeline
            .plan(delay, "a page redirects", move |world| {
                if let Some(error) = error_of(fate) {
                    return reply.send(world, Err(error));
                }
                if fate == PageFate::Hangs {
                    return false;
                }
                let redirect = {
                    let mut provider = world.provider.borrow_mut();
                    provider.now_ms = world.timeline.honest();
                    provider.authorize(request.url.query().unwrap_or_default())
                };
                answer_page(world, redirect, &reply)
            });
        self.in_renewal(answer).boxed_local()
    }

    fn end_session(&self, _: Url) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let (reply, answer) = self.reply();
        let delay = self.world.dice.borrow_mut().between(20, 2000);
        self.world
            .timeline
            .plan(delay, "the provider's session ends", move |world| {
                if world.faults.borrow().offline {
                    return reply.send(world, Err(UserAgentError::LoadFailed));
                }
                world.provider.borrow_mut().set_session(None);
                let back = REDIRECT_URI.to_owned();
                reply.send(world, Ok(RedirectUrl(back)))
            });
        answer
    }
}

fn answer_page(world: &Rc<World>, redirect: Option<String>, reply: &PageReply) -> bool {
    let redirect = redirect.map(RedirectUrl);
    reply.send(world, redirect.ok_or(UserAgentError::Refused(400)))
}

fn error_of(fate: PageFate) -> Option<UserAgentError> {
    Some(match fate {
        PageFate::Fine | PageFate::Hangs => return None,
        PageFate::FramingRefused => UserAgentError::FramingRefused,
        PageFate::Offline => UserAgentError::Offline,
        PageFate::LoadFailed => UserAgentError::LoadFailed,
        PageFate::NameNotResolved => UserAgentError::NameNotResolved,
        PageFate::PageShown => UserAgentError::PageShown,
        PageFate::Refused => UserAgentError::Refused(403),
        PageFate::ServerError => UserAgentError::ServerError(503),
        PageFate::Unavailable => UserAgentError::Unavailable,
    })
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap()
}
