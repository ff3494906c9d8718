#include "sandbox/phrase.hpp"

#include "sandbox/fragments.hpp"

namespace cvstroom::sandbox {
namespace {

bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

}  // namespace

Phrase make_phrase(std::string_view label) {
    Phrase phrase{json_text(label), json_text(label)};
    if (label.size() < 2 || !is_capital(label[0])) return phrase;
    // "L'eau" and "A la carte" are words too; "ICT", "B2B" and "E-mail" keep their capital.
    const auto second = static_cast<unsigned char>(label[1]);
    const bool is_word = (second >= 'a' && second <= 'z') || second == ' ' || second == '\'' || second >= 0x80;
    if (is_word) phrase.inside[0] = static_cast<char>(phrase.inside[0] - 'A' + 'a');
    return phrase;
}

}  // namespace cvstroom::sandbox
