//! How a system writes its guard table: one row a guard, from which everything about it follows.

/// Declares the guards of the book `$book`, in order of precedence.
///
/// A row reads: what is true when it holds, its name, its stage, what is wrong when it does not, the
/// code of that, the invariant that breaks without it, and the demand itself.
macro_rules! guards {
    (
        $book:ident;
        $(
            $(#[$doc:meta])*
            $id:ident, $name:literal, $stage:ident, $rejects:ident, $rejected:literal, $protects:ident,
            |$facts:pat_param, $me:pat_param| $holds:expr;
        )+
    ) => {
        /// A row of the guard table; what is true when it holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum GuardId { $($(#[$doc])* $id,)+ }

        /// Why something was refused, in the order of the guard table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rejection { $(#[doc = concat!("`", stringify!($id), "` failed.")] $rejects,)+ }

        impl GuardId {
            /// Every row, in order of precedence.
            pub const ALL: &[Self] = &[$(Self::$id,)+];

            /// The name of the weakening that leaves the row out.
            pub const fn weakening_name(self) -> &'static str {
                match self { $(Self::$id => concat!("without-", $name),)+ }
            }
        }

        // A ruleset is a set of rows: a bit for each.
        const _: () = assert!(GuardId::ALL.len() <= 64);

        impl $crate::rulebook::Row for GuardId {
            fn place(self) -> u32 {
                self as u32
            }
            fn name(self) -> &'static str {
                match self { $(Self::$id => $name,)+ }
            }
            fn all() -> &'static [Self] {
                Self::ALL
            }
        }

        impl $crate::rulebook::Refusal for Rejection {
            fn all() -> &'static [Self] {
                Self::ALL
            }
            fn code(self) -> &'static str {
                self.code()
            }
            fn guard(self) -> &'static str {
                $crate::rulebook::Row::name(self.guard())
            }
            fn left_out_by(self) -> &'static str {
                self.guard().weakening_name()
            }
        }

        impl Rejection {
            /// Every rejection, in order of precedence.
            pub const ALL: &[Self] = &[$(Self::$rejects,)+];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$rejects => $rejected,)+ }
            }

            /// The rejection with this code.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rejection| rejection.code() == code)
            }

            /// The guard that gives this rejection.
            pub const fn guard(self) -> GuardId {
                match self { $(Self::$rejects => GuardId::$id,)+ }
            }
        }

        /// The guard table. The first row that fails names the rejection.
        pub const fn table<D: $crate::domain::Domain>()
        -> &'static [$crate::rulebook::Guard<$book, D>] {
            const {
                &[$($crate::rulebook::Guard {
                    id: GuardId::$id,
                    stage: Stage::$stage,
                    holds: |$facts, $me| $holds,
                    rejects: Rejection::$rejects,
                    protects: InvariantId::$protects,
                },)+]
            }
        }
    };
}
pub(crate) use guards;
