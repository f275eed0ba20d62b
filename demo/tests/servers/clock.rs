//! The clock of the servers, for clients whose own is wrong.

use crate::client::{Servers, claims};
use evertoken_demo::now_ms;
use evertoken_demo::provider::{Endpoint, Fault, ProviderOptions};

#[tokio::test]
async fn claims_follow_the_clock_of_the_servers_and_the_api_agrees() {
    for offset in [3600, -3600] {
        let mut servers = Servers::start(ProviderOptions::default()).await;
        servers.provider.set_clock_offset(offset);
        let token = servers.id_token().await;
        let claims = claims(&token);
        for claim in ["iat", "auth_time"] {
            let lead = claims[claim].as_i64().unwrap() - now_ms() / 1000;
            assert!(
                (offset - 30..=offset).contains(&lead),
                "{claim} leads by {lead} s"
            );
        }
        assert_eq!(servers.call("/v1/notes", &token).await.status(), 200);
        assert!(servers.provider.log()[0].at_ms <= now_ms());
    }
}

#[tokio::test]
async fn the_date_header_follows_it_too_whatever_is_answered() {
    let servers = Servers::start(ProviderOptions::default()).await;
    // Far enough that the year is another.
    servers.provider.set_clock_offset(40 * 366 * 86_400);
    servers
        .provider
        .set_fault(Fault::ServerError(Endpoint::Keys));
    let year = |date: &str| date.split(' ').nth(3).unwrap().parse::<i64>().unwrap();
    let this_year = 1970 + now_ms() / 1000 / 31_556_952;
    for answer in [
        servers.open("jwks", &[]).await,
        servers.open("nowhere", &[]).await,
        servers.call("/v1/notes", "a-token").await,
        servers.call("/open/", "a-token").await,
    ] {
        let dates: Vec<_> = answer.headers().get_all("date").into_iter().collect();
        let [date] = dates[..] else {
            panic!("one date each")
        };
        let date = date.to_str().unwrap();
        assert!((39..=41).contains(&(year(date) - this_year)), "{date}");
    }
}
