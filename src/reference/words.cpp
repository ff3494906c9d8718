#include "reference/words.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace cvstroom::reference {

std::vector<std::string> fold_words(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    const auto* decomposer = icu::Normalizer2::getNFKDInstance(error);
    if (U_FAILURE(error)) return {};  // only when ICU's own data is missing
    const auto decomposed = decomposer->normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))).foldCase(),
        error);
    std::vector<std::string> words;
    icu::UnicodeString word;
    const auto end_word = [&] {
        if (word.isEmpty()) return;
        word.toUTF8String(words.emplace_back());
        word.remove();
    };
    for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
        const UChar32 c = decomposed.char32At(i);
        if (u_isalnum(c)) {
            word.append(c);
        } else if (u_charType(c) != U_NON_SPACING_MARK) {
            end_word();
        }
    }
    end_word();
    return words;
}

}  // namespace cvstroom::reference
