//! JSON-RPC over HTTP, on the loopback interface only.
//!
//! Bytes come in, bounded before they are read; what they mean is not decided here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{sleep, timeout};

use super::owner::{Service, Unanswered};
use super::rpc;

/// How many requests are looked at at once; the others wait for theirs to be read.
const REQUESTS_MAX: usize = 256;
/// How many are read at once besides. Whoever sends slowly keeps out only others who send.
const READ_MAX: usize = 1_024;
/// How long a request may take to be sent.
const READING: Duration = Duration::from_secs(5);
/// For how long whoever has not sent all of its request keeps the bus from stopping.
const PARTING: Duration = Duration::from_secs(5);

/// How long whoever is refused waits for its answer: a connection has one request at a time, so a flood
/// of what is refused costs its sender more than anybody else.
const REFUSAL: Duration = Duration::from_millis(100);

/// Why there is nothing to listen on.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Others could reach it.
    #[error("{address} can be reached from other machines; listen on 127.0.0.1 or [::1]")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The operating system refuses.
    #[error("failed to listen on {address}: {source}")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// What the operating system says.
        source: std::io::Error,
    },
}

/// Listens on an address of the loopback interface.
///
/// # Errors
/// [`ListenError`]: any other address, or one that is taken.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    if !address.ip().is_loopback() {
        return Err(ListenError::NotLoopback { address });
    }
    let listening = TcpListener::bind(address).await;
    listening.map_err(|source| ListenError::Refused { address, source })
}

/// Serves until `over` is; requests that have come are still answered, but for those that are not sent
/// whole within a few seconds.
///
/// # Errors
/// What the operating system says.
pub async fn serve(
    listener: TcpListener,
    service: Service,
    envelope_bytes_max: usize,
    over: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let door = Door {
        service,
        envelope_bytes_max,
        read: Arc::new(Semaphore::new(READ_MAX)),
        room: Arc::new(Semaphore::new(REQUESTS_MAX)),
    };
    let router = Router::new().route("/", post(answer)).with_state(door);
    let (leave, left) = oneshot::channel();
    let over = async move {
        over.await;
        let _ = leave.send(());
    };
    let served = axum::serve(listener, router).with_graceful_shutdown(over);
    let parted = async {
        let _ = left.await;
        sleep(PARTING).await;
    };
    tokio::select! {
        served = served.into_future() => served,
        () = parted => Ok(()),
    }
}

#[derive(Clone)]
struct Door {
    service: Service,
    envelope_bytes_max: usize,
    read: Arc<Semaphore>,
    room: Arc<Semaphore>,
}

async fn answer(State(door): State<Door>, body: Body) -> Response {
    // Closed never, so a place is given some time.
    let reading = door.read.acquire().await;
    let bytes_max = door.envelope_bytes_max + rpc::REQUEST_BYTES_MORE;
    let bytes = match timeout(READING, to_bytes(body, bytes_max)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => {
            let words =
                format!("the request is longer than {bytes_max} bytes, or was not sent whole\n");
            return (StatusCode::PAYLOAD_TOO_LARGE, words).into_response();
        }
        Err(_) => {
            let seconds = READING.as_secs();
            let words = format!("the request was not sent whole within {seconds} s\n");
            return (StatusCode::REQUEST_TIMEOUT, words).into_response();
        }
    };
    let place = door.room.acquire().await;
    drop(reading);
    let (text, refused) = match rpc::read(&bytes, door.envelope_bytes_max) {
        Ok(request) => {
            let answer = door.service.ask(request.method, &request.envelope).await;
            let refused = matches!(answer, Err(Unanswered::Refused(_)));
            if let Err(unanswered) = &answer {
                let method = request.method.name();
                tracing::debug!(method, because = unanswered.to_string(), "no answer");
            }
            (rpc::write(&request.id, answer), refused)
        }
        Err(text) => (text, true),
    };
    drop(place);
    if refused {
        sleep(REFUSAL).await;
    }
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
