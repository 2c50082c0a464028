//! How a system writes its other tables: invariants by name, flawed mechanisms by name.

/// Declares the invariants of a book: each with its name and what it promises.
macro_rules! promises {
    ($($(#[$doc:meta])* $id:ident, $name:literal, $promise:literal;)+) => {
        /// A row of the invariant table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum InvariantId { $($(#[$doc])* $id,)+ }

        impl InvariantId {
            /// Every invariant, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$id,)+];

            /// The invariant with this name.
            pub fn of_name(name: &str) -> Option<Self> {
                use $crate::rulebook::Row as _;
                Self::ALL.iter().copied().find(|id| id.name() == name)
            }

            /// What it promises, as a sentence.
            pub const fn promise(self) -> &'static str {
                match self { $(Self::$id => $promise,)+ }
            }
        }

        impl $crate::rulebook::Row for InvariantId {
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

        impl $crate::rulebook::Promise for InvariantId {
            fn promise(self) -> &'static str {
                self.promise()
            }
        }
    };
}
pub(crate) use promises;

/// Declares the flawed mechanisms of a book, each with the name of the weakening that it amounts to.
macro_rules! mechanisms {
    ($($(#[$doc:meta])* $id:ident, $name:literal;)+) => {
        /// A flawed mechanism, in the place of the right one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Mechanism { $($(#[$doc])* $id,)+ }

        impl Mechanism {
            /// Every mechanism.
            pub const ALL: &[Self] = &[$(Self::$id,)+];

            /// The name of the weakening that it amounts to.
            pub const fn weakening_name(self) -> &'static str {
                match self { $(Self::$id => $name,)+ }
            }
        }

        // A ruleset is a set of rows: a bit for each.
        const _: () = assert!(Mechanism::ALL.len() <= 64);

        impl $crate::rulebook::Row for Mechanism {
            fn place(self) -> u32 {
                self as u32
            }
            fn name(self) -> &'static str {
                self.weakening_name()
            }
            fn all() -> &'static [Self] {
                Self::ALL
            }
        }
    };
}
pub(crate) use mechanisms;
