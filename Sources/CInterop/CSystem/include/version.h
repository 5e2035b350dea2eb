#pragma once
// The only definition of the version, for the programs, the packages and the manual. CHANGELOG.md has an entry for it.

#define SG_VERSION "0.1.0"
