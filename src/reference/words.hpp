// The words of a label or of a keyword, folded so that they meet: no case, no accents, no punctuation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cvstroom::reference {

// "Burgerlijk ingénieur: C/D" gives "burgerlijk", "ingenieur", "c", "d" (Unicode: NFKD without marks, then case
// folding). Pre: valid UTF-8. Thread-safe.
std::vector<std::string> fold_words(std::string_view text);

}  // namespace cvstroom::reference
