// Which codes published CVs use: asked before a list drops one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/result.hpp"
#include "candidate/code_book.hpp"
#include "store/store.hpp"

namespace cvstroom::store {

using CodeUses = std::map<std::string, std::uint64_t>;

// The number of published CVs that use each code of `kind`; of a rank (a language level, a score, an experience), that
// state it. Only CVs whose newest version has after < seq <= until. Reads all their documents: some 100,000 a second a
// core. `progress` may be empty.
Result<CodeUses> count_code_uses(Store& store, candidate::CodeKind kind, Seq after, Seq until,
                                 const std::function<void(std::uint64_t)>& progress);

}  // namespace cvstroom::store
