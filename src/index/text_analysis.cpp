#include "index/text_analysis.hpp"

#include <libstemmer.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <new>

namespace cvstroom::index {
namespace {

// What one code point folds to: a few letters, with a space where it separates words (all of most signs; within "½").
// `joins`: a mark, which neither adds to a word nor ends it.
struct Folded {
    std::string text;
    bool joins = false;
};

bool is_mark(UChar32 c) {
    const auto type = u_charType(c);
    return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR;
}

// Letters that Unicode does not take apart, though people write them without their sign.
const char* plain_letter(UChar32 c) {
    switch (c) {
        case 0xE6:
            return "ae";
        case 0xF8:
            return "o";
        case 0x111:
        case 0xF0:
            return "d";
        case 0x131:
            return "i";
        case 0x142:
            return "l";
        case 0x153:
            return "oe";
        case 0xFE:
            return "th";
        default:
            return nullptr;
    }
}

Folded fold_code_point(UChar32 c) {
    Folded folded;
    if (is_mark(c)) return {{}, true};
    UErrorCode error = U_ZERO_ERROR;
    static const auto* const casefold = icu::Normalizer2::getNFKCCasefoldInstance(error);
    static const auto* const decompose = icu::Normalizer2::getNFDInstance(error);
    if (U_FAILURE(error)) throw std::bad_alloc();  // ICU without its data
    const auto letters = decompose->normalize(casefold->normalize(icu::UnicodeString(c), error), error);
    for (std::int32_t i = 0; i < letters.length(); i = letters.moveIndex32(i, 1)) {
        const UChar32 letter = letters.char32At(i);
        if (is_mark(letter)) continue;
        if (!u_isalnum(letter) && u_charType(letter) != U_COMBINING_SPACING_MARK) {
            folded.text += ' ';
        } else if (const char* plain = plain_letter(letter)) {
            folded.text += plain;
        } else {
            icu::UnicodeString(letter).toUTF8String(folded.text);
        }
    }
    return folded;
}

// The Latin letters with signs, folded once.
constexpr UChar32 table_begin = 0x80;
constexpr UChar32 table_end = 0x250;

const Folded& table_entry(UChar32 c) {
    static const auto table = [] {
        std::vector<Folded> all;
        for (UChar32 each = table_begin; each < table_end; ++each) all.push_back(fold_code_point(each));
        return all;
    }();
    return table[static_cast<std::size_t>(c - table_begin)];
}

constexpr char lower_or_zero(unsigned char c) {
    if (c >= 'a' && c <= 'z') return static_cast<char>(c);
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    if (c >= '0' && c <= '9') return static_cast<char>(c);
    return 0;
}

constexpr auto ascii_table = [] {
    std::array<char, 128> table{};
    for (std::size_t c = 0; c < table.size(); ++c) table[c] = lower_or_zero(static_cast<unsigned char>(c));
    return table;
}();

// RFC 3629. Moves `at` on by at least one byte; -1 for bytes that are no UTF-8. Pre: the byte at `at` is not ASCII.
UChar32 next_code_point(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4) return -1;
    UChar32 c = lead & (0x3F >> more);
    for (int i = 0; i < more; ++i) {
        if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80) return -1;
        c = (c << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
    }
    constexpr std::array least{0x80, 0x800, 0x10000};
    if (c < least[static_cast<std::size_t>(more) - 1] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return -1;
    return c;
}

class Tokenizer {
  public:
    Tokenizer(std::string_view text, TokenList& list) : text_(text), list_(list) {}

    void run() {
        while (at_ < text_.size()) {
            const auto byte = static_cast<unsigned char>(text_[at_]);
            if (byte >= 0x80) {
                take_code_point();
            } else if (const char folded = ascii_table[byte]; folded != 0) {
                begin_word();
                add(folded);
                ++at_;
                end_ = at_;
            } else {
                if (is_open_) take_signs();
                end_word();
                ++at_;
            }
        }
        end_word();
    }

  private:
    void take_code_point() {
        const auto begin = at_;
        const UChar32 c = next_code_point(text_, at_);
        if (c < 0) return end_word();
        if (c < table_end) return take(table_entry(c), begin);
        take(fold_code_point(c), begin);
    }

    void take(const Folded& folded, std::size_t begin) {
        if (folded.joins) {
            if (is_open_) end_ = at_;
            return;
        }
        for (const char c : folded.text) {
            if (c == ' ') {
                end_word();
                continue;
            }
            begin_word(begin);
            add(c);
            end_ = at_;
        }
    }

    // "C++" and "C#": the signs belong to the word when nothing follows them.
    void take_signs() {
        const std::size_t length = text_.substr(at_).starts_with("++") ? 2 : text_[at_] == '#' ? 1 : 0;
        if (length == 0) return;
        const auto after = text_.substr(at_ + length);
        if (!after.empty() && (static_cast<unsigned char>(after[0]) >= 0x80 || after[0] == '+' || after[0] == '#' ||
                               ascii_table[static_cast<unsigned char>(after[0])] != 0)) {
            return;
        }
        for (std::size_t i = 0; i < length; ++i) add(text_[at_ + i]);
        at_ += length - 1;
        end_ = at_ + 1;
    }

    void begin_word() { begin_word(at_); }
    void begin_word(std::size_t begin) {
        if (is_open_) return;
        is_open_ = true;
        if (!list_.tokens.empty()) list_.folded.push_back(' ');
        const auto folded = static_cast<std::uint32_t>(list_.folded.size());
        list_.tokens.push_back({static_cast<std::uint32_t>(begin), 0, folded, folded});
    }
    void add(char c) { list_.folded.push_back(c); }
    void end_word() {
        if (!is_open_) return;
        is_open_ = false;
        auto& token = list_.tokens.back();
        std::size_t length = list_.folded.size() - token.folded_begin;
        if (length > longest_word) {
            length = longest_word;
            while ((static_cast<unsigned char>(list_.folded[token.folded_begin + length]) & 0xC0U) == 0x80U) --length;
            list_.folded.resize(token.folded_begin + length);
        }
        token.end = static_cast<std::uint32_t>(end_);
        token.folded_end = static_cast<std::uint32_t>(list_.folded.size());
    }

    std::string_view text_;
    TokenList& list_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;  // of the open word
    bool is_open_ = false;
};

// FNV-1a, finished as in MurmurHash3 so that all bits count. The language goes in as a byte before the stem's: were it
// only part of the start, French "de" and English "ee" would be one key, as the letters differ where the languages do.
StemKey hash_of(StemLanguage language, std::string_view stem) {
    constexpr std::uint64_t prime = 0x100000001B3U;
    std::uint64_t hash = (0xCBF29CE484222325U ^ (static_cast<std::uint64_t>(language) + 1)) * prime;
    for (const char c : stem) hash = (hash ^ static_cast<unsigned char>(c)) * prime;
    hash = (hash ^ (hash >> 33U)) * 0xFF51AFD7ED558CCDU;
    return hash ^ (hash >> 33U);
}

// The French rules know qualifiée and infirmière by their accents, which folding took away: such endings are brought to
// those of qualifie and infirmier.
void restore_french_ending(std::string& word) {
    constexpr std::size_t shortest = 4;
    for (const std::string_view ending : {"iere", "ieres"}) {
        if (word.size() >= ending.size() + 2 && word.ends_with(ending)) {
            word.resize(word.size() - ending.size());
            word += "ier";
            return;
        }
    }
    if (word.size() > shortest + 1 && word.ends_with("ees")) word.pop_back();
    if (word.size() > shortest && word.ends_with("ee")) word.pop_back();
}

struct DeleteStemmer {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

}  // namespace

void tokenize(std::string_view text, TokenList& list) {
    list.folded.clear();
    list.tokens.clear();
    constexpr std::size_t most_bytes = 0x7FFFFFFF;  // no text of a CV comes near
    Tokenizer(text.substr(0, most_bytes), list).run();
}

std::string fold(std::string_view text) {
    TokenList list;
    tokenize(text, list);
    return std::move(list.folded);
}

struct Stemmer::Algorithms {
    std::array<std::unique_ptr<sb_stemmer, DeleteStemmer>, stem_languages> of;
};

Stemmer::Stemmer() : algorithms_(std::make_unique<Algorithms>()) {
    constexpr std::array names{"dutch", "french", "english"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        algorithms_->of[i].reset(sb_stemmer_new(names[i], "UTF_8"));
        if (!algorithms_->of[i]) throw std::bad_alloc();
    }
}

Stemmer::~Stemmer() = default;

std::string_view Stemmer::stem(StemLanguage language, std::string_view word) {
    buffer_ = word;
    if (language == StemLanguage::french) restore_french_ending(buffer_);
    auto* algorithm = algorithms_->of[static_cast<std::size_t>(language)].get();
    const auto* stem = sb_stemmer_stem(algorithm, reinterpret_cast<const sb_symbol*>(buffer_.data()),
                                       static_cast<int>(buffer_.size()));
    if (stem == nullptr) throw std::bad_alloc();
    return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(algorithm))};
}

std::array<StemKey, stem_languages> Stemmer::keys(std::string_view word) {
    std::array<StemKey, stem_languages> keys{};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto language = static_cast<StemLanguage>(i);
        keys[i] = hash_of(language, stem(language, word));
    }
    return keys;
}

}  // namespace cvstroom::index
