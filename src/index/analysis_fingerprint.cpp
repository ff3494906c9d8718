#include "index/analysis_fingerprint.hpp"

#include <unicode/uchar.h>

#include <array>
#include <span>
#include <string>

#include "index/manifest.hpp"

namespace cvstroom::index {
namespace {

// Words are made of these: each root with each ending of its language, and with each two letters. The roots differ in
// what the rules look at: their last letters, where vowels stand, how long they are. Folded, as all words that are
// stemmed.
constexpr std::array dutch_roots{"werk", "lop",   "loop", "bakk", "schrijv", "verkoop",   "verpleegkund", "boekhoud",
                                 "leid", "plann", "kies", "huiz", "gemaak",  "ontwikkel", "organis",      "begel"};
constexpr std::array dutch_endings{
    "e",    "en",    "ene",  "ens",   "er",     "ers",      "ster", "sters", "aar",  "aars",  "heid",   "heden",
    "ing",  "ingen", "lijk", "lijke", "baar",   "bare",     "bar",  "end",   "ende", "ig",    "igheid", "eigend",
    "isch", "ische", "je",   "jes",   "tje",    "etje",     "pje",  "kje",   "te",   "ten",   "de",     "den",
    "t",    "d",     "s",    "es",    "se",     "sel",      "loos", "loze",  "zaam", "zame",  "dom",    "schap",
    "teit", "iteit", "nis",  "isme",  "ist",    "iste",     "eur",  "euse",  "atie", "aties", "eren",   "eerde",
    "aan",  "oos",   "uut",  "eed",   "gemene", "lijkheid", "arij", "erij",  "elen", "elde"};
constexpr std::array french_roots{"travaill", "form",   "vend",    "infirm", "gest", "administr", "commun", "nett",
                                  "conduc",   "appren", "organis", "achet",  "qual", "fin",       "par",    "eau"};
constexpr std::array french_endings{
    "ance",   "ances",   "ique",    "iques",   "isme",    "ismes",    "able",     "ables",    "iste",   "istes",
    "eux",    "euse",    "euses",   "atrice",  "atrices", "ateur",    "ateurs",   "ation",    "ations", "logie",
    "logies", "usion",   "usions",  "ution",   "utions",  "ence",     "ences",    "ement",    "ements", "ite",
    "ites",   "if",      "ifs",     "ive",     "ives",    "eaux",     "aux",      "issement", "issant", "issante",
    "amment", "emment",  "ment",    "ments",   "ier",     "iers",     "ien",      "ienne",    "er",     "ez",
    "era",    "eraient", "erait",   "erions",  "eront",   "ons",      "ions",     "ait",      "aient",  "ant",
    "ante",   "ants",    "antes",   "e",       "es",      "ee",       "ees",      "ent",      "i",      "ie",
    "ies",    "ir",      "ira",     "iraient", "irons",   "is",       "it",       "asse",     "assent", "ion",
    "teur",   "trice",   "abilite", "icite",   "ivement", "eusement", "ablement", "yer",      "ell",    "eill",
    "enn",    "onn",     "iere",    "ieres",   "ett"};
constexpr std::array english_roots{"work", "plan",  "hop",   "hopp",  "manag", "organ", "communic", "general",
                                   "sens", "activ", "contr", "arsen", "bus",   "enjoy", "tr",       "univers"};
constexpr std::array english_endings{
    "s",      "es",     "ies",   "ied",     "y",       "ed",      "eed",     "eedly",  "edly",  "ing",   "ingly",
    "er",     "ers",    "or",    "ment",    "ments",   "ement",   "ational", "tional", "enci",  "ency",  "ence",
    "anci",   "ance",   "izer",  "ization", "isation", "ize",     "ise",     "ised",   "ising", "abli",  "ably",
    "able",   "ible",   "alli",  "ally",    "al",      "alism",   "ality",   "aliti",  "entli", "ently", "eli",
    "ely",    "ousli",  "ously", "ous",     "ousness", "iveness", "fulness", "ful",    "fully", "ness",  "ation",
    "ations", "ator",   "iviti", "ivity",   "ive",     "ative",   "biliti",  "bility", "ogi",   "ogist", "ogy",
    "lessli", "lessly", "icate", "iciti",   "ical",    "ic",      "ate",     "ion",    "sion",  "tion",  "ism",
    "iti",    "ant",    "ent",   "li",      "ly",      "ee",      "ll",      "ied"};
// What the English rules name one by one.
constexpr std::array english_words{
    "skis",     "skies",        "dying",     "lying",    "tying",   "idly",     "gently",  "ugly",  "early",  "only",
    "singly",   "sky",          "news",      "howe",     "atlas",   "cosmos",   "bias",    "andes", "inning", "outing",
    "canning",  "herring",      "earring",   "evening",  "proceed", "exceed",   "succeed", "past",  "added",  "egging",
    "generate", "universities", "emergency", "sabotage", "hinged",  "internal", "lateral"};

class Fingerprint {
  public:
    explicit Fingerprint(const StemWord& stem) : stem_(stem) {}

    void add(StemLanguage language, std::string_view word) {
        stems_ += stem_(language, word);
        stems_ += '\n';
    }
    void add_all(StemLanguage language, std::span<const char* const> roots, std::span<const char* const> endings) {
        for (const std::string root : roots) {
            add(language, root);
            for (const auto* ending : endings) add(language, root + ending);
        }
        std::string word;
        for (const auto* root : roots.first(4)) {
            for (char first = 'a'; first <= 'z'; ++first) {
                for (char second = 'a'; second <= 'z'; ++second) {
                    word.assign(root) += first;
                    add(language, word += second);
                }
            }
        }
    }
    void add_unicode() {
        UVersionInfo version{};
        u_getUnicodeVersion(version);
        for (const auto number : version) stems_ += std::to_string(number) + '.';
    }
    std::uint32_t value() const {
        return static_cast<std::uint32_t>(checksum_of(std::as_bytes(std::span<const char>(stems_))));
    }

  private:
    const StemWord& stem_;
    std::string stems_;
};

}  // namespace

std::uint32_t analysis_fingerprint(const StemWord& stem) {
    Fingerprint fingerprint(stem);
    fingerprint.add_all(StemLanguage::dutch, dutch_roots, dutch_endings);
    fingerprint.add_all(StemLanguage::french, french_roots, french_endings);
    fingerprint.add_all(StemLanguage::english, english_roots, english_endings);
    for (const auto* word : english_words) fingerprint.add(StemLanguage::english, word);
    fingerprint.add_unicode();
    return fingerprint.value();
}

std::uint32_t analysis_fingerprint() {
    static const auto fingerprint = [] {
        Stemmer stemmer;
        return analysis_fingerprint(
            [&stemmer](StemLanguage language, std::string_view word) { return stemmer.stem(language, word); });
    }();
    return fingerprint;
}

}  // namespace cvstroom::index
