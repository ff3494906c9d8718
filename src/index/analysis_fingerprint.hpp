// Which words are folded and stemmed how is decided by libraries (ICU, libstemmer) that an upgrade of the machine may
// replace under a saved index. Stems of one library do not meet those of another, so that words would not be found:
// what was saved under another fingerprint is built anew.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "index/text_analysis.hpp"

namespace cvstroom::index {

// A stem of a folded word; valid until the next call.
using StemWord = std::function<std::string_view(StemLanguage, std::string_view)>;

// Of what `stem` makes of some ten thousand words, chosen so that every rule of the three languages has its turn, and
// of the version of Unicode that folds. Libstemmer tells no version of its own.
std::uint32_t analysis_fingerprint(const StemWord& stem);

// Of the libraries that this program runs with. Some 2 ms the first time. Thread-safe.
std::uint32_t analysis_fingerprint();

}  // namespace cvstroom::index
