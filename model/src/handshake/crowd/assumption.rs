//! What is taken for granted of the individuals of a handshake, by name.

use super::{Crowd, Scene};
use crate::domain::{Identity as _, Table as _, Truth as _};
use crate::handshake::weakening::Mechanism;

macro_rules! assumptions {
    ($($(#[$doc:meta])* $id:ident, $name:literal, $words:literal, $claim:path;)+) => {
        /// An assumption.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AssumptionId { $($(#[$doc])* $id,)+ }

        impl AssumptionId {
            /// Every assumption.
            pub const ALL: &[Self] = &[$(Self::$id,)+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => $name,)+ }
            }

            /// What it says, as a sentence.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$id => $words,)+ }
            }

            /// What it says of `run`.
            pub fn claim<C: Crowd>(self, scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
                match self { $(Self::$id => $claim(scene, run),)+ }
            }
        }
    };
}

assumptions! {
    /// Runs are those of honest principals: the attacker needs none.
    RunsAreHonest, "runs-are-honest", "runs are those of honest principals: the attacker needs none", runs_are_honest;
    /// A run signs with a key of its own principal.
    KeysAreOwned, "keys-are-owned", "a run signs with a key of its own principal", keys_are_owned;
    /// No two runs draw the same share.
    SharesAreFresh, "shares-are-fresh", "no two runs draw the same share", shares_are_fresh;
    /// What a run draws gives a share of large order.
    SharesAreLarge, "shares-are-large", "what a run draws gives a share of large order", shares_are_large;
}

fn runs_are_honest<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run).me;
    scene.world.agents.at(&me).hostile.not()
}

fn keys_are_owned<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    C::owner(&me.key).same(&me.me)
}

fn shares_are_fresh<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    let me = scene.world.runs.at(run);
    if scene.rules.has(Mechanism::StaticShares) {
        // Everybody has one for life: whichever run drew it is one of the same principal.
        let drawer = scene.drawer(&me.share);
        drawer.me.same(&me.me).and(&drawer.share.same(&me.share))
    } else {
        C::drawer(&me.share).same(run)
    }
}

fn shares_are_large<C: Crowd>(scene: &Scene<'_, C>, run: &C::Run) -> C::Bool {
    C::low_order(&scene.world.runs.at(run).share).not()
}
