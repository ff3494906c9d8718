#include "search/text_query.hpp"

#include <algorithm>
#include <array>

namespace cvstroom::search {
namespace {

constexpr std::array quotes{std::string_view("\""), std::string_view("“"), std::string_view("”"),
                            std::string_view("„"),  std::string_view("«"), std::string_view("»")};

// The length of the quote that the text begins with; 0: none.
std::size_t quote_length(std::string_view text) {
    for (const auto quote : quotes) {
        if (text.starts_with(quote)) return quote.size();
    }
    return 0;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

std::size_t letters_in(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

// A message repeats what is wrong, but not a page of it.
std::string shown(std::string_view text) {
    constexpr std::size_t most = 60;
    if (text.size() <= most) return std::string(text);
    std::size_t length = most;
    while ((static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
    return std::string(text.substr(0, length)) + "…";
}

class QueryParser {
  public:
    QueryParser(std::string_view text, std::vector<LocalText>& faults) : left_(text), faults_(faults) {}

    TextQuery parse() {
        const std::size_t faults_before = faults_.size();
        skip_spaces();
        while (!left_.empty() && words_ <= most_query_words) {
            take_term();
            skip_spaces();
        }
        if (words_ > most_query_words) {
            fault(local_text("ten hoogste {} woorden", "au maximum {} mots", "at most {} words", most_query_words));
        }
        if (faults_.size() == faults_before) check_whole();
        return std::move(query_);
    }

  private:
    void fault(LocalText text) { faults_.push_back(std::move(text)); }

    void skip_spaces() {
        while (!left_.empty() && is_space(left_.front())) left_.remove_prefix(1);
    }

    void take_term() {
        const std::string_view whole = left_;
        const bool is_excluded = left_.front() == '-';
        if (is_excluded) left_.remove_prefix(1);
        TextTerm term;
        term.is_excluded = is_excluded;
        if (const auto length = quote_length(left_)) {
            if (!take_phrase(length, term)) return;
        } else {
            take_word(term);
        }
        term.typed = std::string(whole.substr(0, whole.size() - left_.size()));
        words_ += std::max<std::size_t>(term.steps.size(), 1);
        if (!term.steps.empty()) query_.terms.push_back(std::move(term));
    }

    bool take_phrase(std::size_t quote, TextTerm& term) {
        const std::string_view whole = left_;
        left_.remove_prefix(quote);
        std::size_t end = 0;
        while (end < left_.size() && quote_length(left_.substr(end)) == 0) ++end;
        if (end == left_.size()) {
            fault(local_text("het aanhalingsteken vóór '{}' wordt niet gesloten",
                             "le guillemet devant '{}' n'est pas fermé", "the quote before '{}' is never closed",
                             shown(left_)));
            left_ = {};
            return false;
        }
        read_steps(left_.substr(0, end), TextStep::How::exact, term);
        left_.remove_prefix(end + quote_length(left_.substr(end)));
        if (term.steps.empty()) nothing_to_find(whole.substr(0, whole.size() - left_.size()));
        return true;
    }

    void take_word(TextTerm& term) {
        std::size_t end = 0;
        while (end < left_.size() && !is_space(left_[end]) && quote_length(left_.substr(end)) == 0) ++end;
        const std::string_view typed = left_.substr(0, end);
        left_.remove_prefix(end);
        std::string_view word = typed;
        const bool is_prefix = word.ends_with('*');
        if (is_prefix) word.remove_suffix(1);
        if (word.find('*') != std::string_view::npos) {
            fault(local_text("'{}': een * mag alleen aan het einde van een woord staan",
                             "'{}': un * ne peut figurer qu'à la fin d'un mot",
                             "'{}': a * may stand only at the end of a word", shown(typed)));
            return;
        }
        read_steps(word, TextStep::How::inflected, term);
        if (term.steps.empty()) return nothing_to_find(typed);
        if (!is_prefix) return;
        term.steps.back().how = TextStep::How::prefix;
        if (letters_in(term.steps.back().word) < least_prefix_letters) {
            fault(local_text("'{}': vóór een * staan minstens {} letters", "'{}': au moins {} lettres devant un *",
                             "'{}': at least {} letters before a *", shown(typed), least_prefix_letters));
        }
    }

    void read_steps(std::string_view text, TextStep::How how, TextTerm& term) {
        // No more than what tells that it is too much.
        constexpr std::size_t most_bytes = 8192;
        index::tokenize(text.substr(0, most_bytes), tokens_);
        const std::size_t count = std::min(tokens_.tokens.size(), most_query_words + 1);
        for (std::size_t i = 0; i < count; ++i) term.steps.push_back({std::string(tokens_.word(i)), how});
    }

    void nothing_to_find(std::string_view typed) {
        if (typed.empty()) {
            fault(local_text("na '-' volgt meteen een woord of een \"zinsdeel\"",
                             "'-' est suivi directement d'un mot ou d'une \"expression\"",
                             "'-' is followed at once by a word or a \"phrase\""));
            return;
        }
        fault(local_text("'{}' heeft geen letters of cijfers om op te zoeken",
                         "'{}' n'a ni lettres ni chiffres à chercher", "'{}' has no letters or digits to look for",
                         shown(typed)));
    }

    void check_whole() {
        if (query_.terms.empty()) {
            return fault(local_text("geef minstens één woord", "indiquez au moins un mot", "give at least one word"));
        }
        if (std::all_of(query_.terms.begin(), query_.terms.end(), [](const auto& term) { return term.is_excluded; })) {
            fault(local_text("alles is uitgesloten: geef ook minstens één woord om te zoeken",
                             "tout est exclu: indiquez aussi au moins un mot à chercher",
                             "everything is excluded: give at least one word to look for too"));
        }
    }

    std::string_view left_;
    std::vector<LocalText>& faults_;
    TextQuery query_;
    std::size_t words_ = 0;
    index::TokenList tokens_;
};

}  // namespace

TextQuery parse_text_query(std::string_view text, std::vector<LocalText>& faults) {
    return QueryParser(text, faults).parse();
}

bool extend_last_word(TextQuery& query) {
    if (query.terms.empty() || query.terms.back().is_excluded) return false;
    auto& term = query.terms.back();
    auto& step = term.steps.back();
    if (step.how != TextStep::How::inflected || letters_in(step.word) < least_prefix_letters) return false;
    step.how = TextStep::How::prefix;
    term.typed += '*';
    return true;
}

std::string to_string(const TextQuery& query) {
    std::string text;
    for (const auto& term : query.terms) {
        if (!text.empty()) text += ' ';
        text += term.typed;
    }
    return text;
}

}  // namespace cvstroom::search
