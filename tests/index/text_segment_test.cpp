// The text of a segment against a plain list of texts: what goes in comes out, whatever is merged, saved or damaged.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <set>

#include "index/text_segment_builder.hpp"

namespace cvstroom::index {
namespace {

using Texts = std::vector<FoldedText>;

// The row as the segment has it, in no particular order.
Texts texts_of(const TextSegment& segment, Row row) {
    Texts texts;
    const auto add = [&](TextField field, std::span<const std::uint8_t> words) {
        FoldedText text{field, {}};
        each_word(words, [&](WordId id) {
            if (!text.text.empty()) text.text += ' ';
            text.text += segment.word(id);
        });
        texts.push_back(std::move(text));
    };
    segment.row_texts().each(
        row, [&](PairId pair) { add(segment.field_of_pair(pair), segment.words_of_pair(pair)); },
        [&](const OwnText& text) { add(text.field, text.words); });
    return texts;
}

bool same(Texts a, Texts b) {
    const auto key = [](const FoldedText& text) { return std::pair(text.field, std::string_view(text.text)); };
    const auto is_before = [&key](const auto& x, const auto& y) { return key(x) < key(y); };
    std::sort(a.begin(), a.end(), is_before);
    std::sort(b.begin(), b.end(), is_before);
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&key](const auto& x, const auto& y) { return key(x) == key(y); });
}

std::set<std::string> words_of(const std::string& text) {
    std::set<std::string> words;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size());
        words.insert(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

// The rows as a search takes them: 65,536 at a time, as bits.
std::vector<Row> in_containers(const TextRows& of_word, Row segment_size) {
    std::vector<std::uint64_t> words(words_for(segment_size) + container_words, 0);
    for (std::size_t container = 0; container * container_rows < segment_size; ++container) {
        of_word.add_to(container, words.data() + container * container_words);
    }
    std::vector<Row> rows;
    append_rows(words, rows);
    return rows;
}

// A word's pairs are those whose text has it.
void expect_pairs_of_words(const TextSegment& segment) {
    std::map<WordId, std::set<PairId>> expected;
    for (PairId pair = 0; pair < segment.pairs(); ++pair) {
        each_word(segment.words_of_pair(pair), [&](WordId word) { expected[word].insert(pair); });
    }
    for (WordId word = 0; word < segment.words(); ++word) {
        std::vector<PairId> found;
        segment.each_pair_with(word, [&](PairId pair) { found.push_back(pair); });
        ASSERT_TRUE(std::equal(found.begin(), found.end(), expected[word].begin(), expected[word].end())) << word;
    }
}

void expect_equal(const TextSegment& segment, const std::vector<Texts>& truth) {
    ASSERT_EQ(segment.size(), truth.size());
    std::map<std::string, std::vector<Row>> rows;
    std::array<std::uint64_t, text_fields> lengths{};
    for (Row row = 0; row < truth.size(); ++row) {
        ASSERT_TRUE(same(texts_of(segment, row), truth[row])) << "row " << row;
        std::set<std::string> words;
        std::uint64_t length = 0;
        for (const auto& text : truth[row]) {
            length += field_weights[static_cast<std::size_t>(text.field)] *
                      (static_cast<std::uint64_t>(std::count(text.text.begin(), text.text.end(), ' ')) + 1);
            words.merge(words_of(text.text));
            lengths[static_cast<std::size_t>(text.field)] +=
                static_cast<std::uint64_t>(std::count(text.text.begin(), text.text.end(), ' ')) + 1;
        }
        for (const auto& word : words) rows[word].push_back(row);
        ASSERT_EQ(segment.row_texts().length(row), length);
    }
    ASSERT_NO_FATAL_FAILURE(expect_pairs_of_words(segment));
    EXPECT_EQ(segment.field_lengths(), lengths);
    ASSERT_EQ(segment.words(), rows.size());
    for (const auto& [word, expected] : rows) {
        const auto id = segment.find(word);
        ASSERT_TRUE(id) << word;
        std::vector<Row> found;
        segment.rows_of(*id).append_to(found);
        ASSERT_EQ(found, expected) << word;
        EXPECT_EQ(segment.rows_with(*id), expected.size());
        EXPECT_EQ(in_containers(segment.rows_of(*id), segment.size()), expected);
        std::vector<Row> asked;
        for (Row row = 0; row < segment.size(); row += 1 + row % 3) asked.push_back(row);
        std::vector<std::uint8_t> marks(asked.size(), 0);
        segment.rows_of(*id).mark(asked, marks.data());
        for (std::size_t i = 0; i < asked.size(); ++i) {
            ASSERT_EQ(marks[i] != 0, std::binary_search(expected.begin(), expected.end(), asked[i])) << asked[i];
        }
    }
}

class RandomTexts {
  public:
    explicit RandomTexts(std::uint32_t seed) : random_(seed) {}
    std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }
    // Few frequent words and many rare ones; texts that repeat and texts that do not.
    std::string text() {
        std::string made;
        for (std::uint32_t n = 1 + below(4); n > 0; --n) {
            if (!made.empty()) made += ' ';
            made += "w" + std::to_string(below(1U << below(12)));
        }
        return made;
    }
    Texts row() {
        Texts texts;
        for (std::uint32_t n = below(6); n > 0; --n) texts.push_back({static_cast<TextField>(below(4)), text()});
        return texts;
    }
    std::vector<Texts> rows(std::uint32_t count) {
        std::vector<Texts> all;
        for (; count > 0; --count) all.push_back(row());
        return all;
    }

  private:
    std::mt19937 random_;
};

std::shared_ptr<const TextSegment> build(const std::vector<Texts>& rows) {
    TextSegmentBuilder builder;
    for (const auto& row : rows) builder.add(row);
    return builder.build();
}

TEST(TextSegment, GivesBackWhatWasAdded) {
    RandomTexts random(1);
    for (const std::uint32_t count : {0U, 1U, 2U, 7U, 8U, 9U, 64U, 65U, 500U, 6000U}) {
        const auto rows = random.rows(count);
        ASSERT_NO_FATAL_FAILURE(expect_equal(*build(rows), rows)) << count;
    }
}

TEST(TextSegment, MergesWithoutTheDropped) {
    RandomTexts random(2);
    for (int round = 0; round < 10; ++round) {
        std::vector<Texts> truth;
        TextSegmentBuilder builder;
        for (int source = 0; source < 3; ++source) {
            const auto rows = random.rows(random.below(400));
            std::vector<Row> moved;
            for (const auto& row : rows) {
                const bool is_kept = random.below(4) != 0;
                moved.push_back(is_kept ? static_cast<Row>(truth.size()) : dropped_row);
                if (is_kept) truth.push_back(row);
            }
            builder.add_rows(*build(rows), moved);
        }
        ASSERT_NO_FATAL_FAILURE(expect_equal(*builder.build(), truth));
    }
}

// Words of every form, in a segment of more than one container that ends in the middle of a byte.
TEST(TextSegment, HoldsRowsInEveryForm) {
    constexpr Row size = 130'003;
    RandomTexts random(6);
    TextSegmentBuilder builder;
    std::map<std::string, std::vector<Row>> expected;
    for (Row row = 0; row < size; ++row) {
        std::string text = "all";
        for (const std::uint32_t one_in : {3U, 15U, 17U, 30U, 63U, 66U, 300U, 5000U, 60'000U}) {
            if (random.below(one_in) == 0) text += " in" + std::to_string(one_in);
        }
        // Runs of rows, and gaps between them that need many bits.
        if (row % 20'000 < 300) text += " runs";
        for (const auto& word : words_of(text)) expected[word].push_back(row);
        builder.add_text(TextField::title, text);
        builder.end_row();
    }
    const auto built = builder.build();
    std::string bytes;
    built->append_to(bytes);
    const auto loaded = TextSegment::from_bytes(bytes);
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    std::set<TextForm> forms;
    for (const auto& segment : {built, *loaded}) {
        for (const auto& [word, rows] : expected) {
            const auto of_word = segment->rows_of(segment->find(word).value());
            forms.insert(of_word.form());
            std::vector<Row> found;
            of_word.append_to(found);
            EXPECT_EQ(found, rows) << word;
            EXPECT_EQ(in_containers(of_word, size), rows) << word;
            std::vector<Row> asked;
            for (Row row = 0; row < size; row += 1 + row % 5) asked.push_back(row);
            std::vector<std::uint8_t> marks(asked.size(), 0);
            of_word.mark(asked, marks.data());
            for (std::size_t i = 0; i < asked.size(); ++i) {
                ASSERT_EQ(marks[i] != 0, std::binary_search(rows.begin(), rows.end(), asked[i])) << word;
            }
        }
    }
    EXPECT_EQ(forms.size(), 3U);
}

// In segments small and large: a few rows are counted in another way than many.
TEST(TextSegment, CountsTheRowsWithAWordOrAnInflectionOfIt) {
    const std::vector<std::string> words{"manager", "managers", "magazijn", "magazijnen", "planner", "planning"};
    RandomTexts random(7);
    for (const Row size : {50U, 30'000U}) {
        TextSegmentBuilder builder;
        std::vector<std::set<std::string>> truth;
        for (Row row = 0; row < size; ++row) {
            std::string text = "tekst";
            for (std::uint32_t i = 0; i < words.size(); ++i) {
                if (random.below(2 + 3 * i) == 0) text += " " + words[i];
            }
            truth.push_back(words_of(text));
            builder.add_text(TextField::title, text);
            builder.end_row();
        }
        const auto segment = builder.build();
        Stemmer stemmer;
        for (const auto& word : words) {
            const auto wanted = stemmer.keys(word);
            std::set<std::string> group{word};
            for (const auto& other : words) {
                const auto keys = stemmer.keys(other);
                const auto is_shared = [&](StemKey key) { return std::count(keys.begin(), keys.end(), key) > 0; };
                if (std::any_of(wanted.begin(), wanted.end(), is_shared)) group.insert(other);
            }
            const auto expected = std::count_if(truth.begin(), truth.end(), [&](const auto& row) {
                return std::any_of(group.begin(), group.end(), [&](const auto& each) { return row.contains(each); });
            });
            if (const auto id = segment->find(word)) {
                EXPECT_EQ(segment->rows_with_inflections(*id), expected) << word;
            }
        }
    }
}

// More pairs than two bytes can number, and a row whose length is more than is told.
TEST(TextSegment, GivesBackManyAndLongTexts) {
    constexpr std::uint32_t texts = 70'000;
    std::vector<Texts> rows(2);
    std::string words;
    for (int i = 0; i < 20'000; ++i) words += i == 0 ? "w" : " w";
    for (std::uint32_t n = 0; n < 2 * texts; ++n) {
        if (n % 10 == 0) rows.emplace_back();
        rows.back().push_back({TextField::employer, "t" + std::to_string(n % texts)});
    }
    rows[1].push_back({TextField::title, words});
    const auto segment = build(rows);
    EXPECT_EQ(segment->pairs(), texts);
    for (Row row = 0; row < rows.size(); ++row) ASSERT_TRUE(same(texts_of(*segment, row), rows[row])) << row;
    EXPECT_EQ(segment->row_texts().length(1), 65'535U);
    EXPECT_EQ(segment->row_texts().length(2), 10U);
    std::string bytes;
    segment->append_to(bytes);
    const auto read = TextSegment::from_bytes(bytes);
    ASSERT_TRUE(read) << to_string(read.error());
    for (Row row = 0; row < rows.size(); ++row) ASSERT_TRUE(same(texts_of(**read, row), rows[row])) << row;
}

// A merge makes the same segment as building from the documents would.
TEST(TextSegment, IsTheSameHoweverItWasMade) {
    RandomTexts random(3);
    const auto rows = random.rows(300);
    TextSegmentBuilder builder;
    for (std::size_t begin = 0; begin < rows.size(); begin += 100) {
        std::vector<Row> moved;
        for (std::size_t i = 0; i < 100; ++i) moved.push_back(static_cast<Row>(begin + i));
        builder.add_rows(*build({rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                 rows.begin() + static_cast<std::ptrdiff_t>(begin) + 100}),
                         moved);
    }
    std::string merged;
    builder.build()->append_to(merged);
    std::string direct;
    build(rows)->append_to(direct);
    EXPECT_TRUE(merged == direct);
}

TEST(TextSegment, FindsPrefixesAndStems) {
    const auto segment = build({{{TextField::title, "managers in logistiek"}},
                                {{TextField::title, "manager logistieke diensten"}},
                                {{TextField::study, "magazijn"}}});
    const auto found = [&](const std::vector<WordId>& ids) {
        std::set<std::string> words;
        for (const auto id : ids) words.emplace(segment->word(id));
        return words;
    };
    std::vector<WordId> ids;
    segment->find_prefix("ma", ids);
    EXPECT_EQ(found(ids), (std::set<std::string>{"magazijn", "manager", "managers"}));
    ids.clear();
    segment->find_prefix("zz", ids);
    EXPECT_TRUE(ids.empty());
    Stemmer stemmer;
    for (const auto key : stemmer.keys("managers")) segment->find_stem(key, ids);
    EXPECT_EQ(found(ids), (std::set<std::string>{"manager", "managers"}));
    EXPECT_FALSE(segment->find("logistiek "));
}

TEST(TextSegment, ComesBackFromBytes) {
    RandomTexts random(4);
    for (const std::uint32_t count : {0U, 1U, 100U, 3000U}) {
        const auto rows = random.rows(count);
        std::string bytes;
        build(rows)->append_to(bytes);
        const auto read = TextSegment::from_bytes(bytes);
        ASSERT_TRUE(read) << to_string(read.error());
        ASSERT_NO_FATAL_FAILURE(expect_equal(**read, rows));
        std::string again;
        (*read)->append_to(again);
        EXPECT_TRUE(again == bytes);
    }
}

void use_everything(const TextSegment& segment) {
    std::vector<Row> rows;
    std::vector<WordId> ids;
    for (WordId id = 0; id < segment.words(); ++id) {
        rows.clear();
        segment.rows_of(id).append_to(rows);
        std::vector<std::uint8_t> marks(rows.size());
        segment.rows_of(id).mark(rows, marks.data());
        in_containers(segment.rows_of(id), segment.size());
        segment.find(segment.word(id));
        segment.each_pair_with(id, [&](PairId pair) { segment.words_of_pair(pair); });
    }
    for (Row row = 0; row < segment.size(); ++row) texts_of(segment, row);
    segment.find_prefix("w1", ids);
    segment.find_stem(12345, ids);
}

void expect_refused_or_safe(const std::string& bytes, RandomTexts& random) {
    for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 50) {
        const auto read = TextSegment::from_bytes(std::string_view(bytes).substr(0, length));
        ASSERT_FALSE(read) << length;
        EXPECT_EQ(read.error().code, ErrorCode::corrupt);
    }
    EXPECT_FALSE(TextSegment::from_bytes(bytes + "x"));
    int refused = 0;
    for (int round = 0; round < 2000; ++round) {
        std::string damaged = bytes;
        for (std::uint32_t n = 1 + random.below(3); n > 0; --n) {
            damaged[random.below(static_cast<std::uint32_t>(damaged.size()))] = static_cast<char>(random.below(256));
        }
        const auto read = TextSegment::from_bytes(damaged);
        if (read) {
            use_everything(**read);
        } else {
            ++refused;
        }
    }
    EXPECT_GT(refused, 500);
}

// Under AddressSanitizer this also shows that nothing outside the bytes is touched.
TEST(TextSegment, RefusesCutBytesAndSurvivesDamagedOnes) {
    RandomTexts random(5);
    std::string bytes;
    build(random.rows(200))->append_to(bytes);
    expect_refused_or_safe(bytes, random);
}

// The same where words are sparse bits: in a segment of some thousands of rows, damaged in what stands of those.
TEST(TextSegment, SurvivesDamagedSparseBits) {
    RandomTexts random(8);
    TextSegmentBuilder builder;
    for (Row row = 0; row < 5000; ++row) {
        builder.add_text(TextField::title, random.below(30) == 0 ? "zelden" : "vaak");
        builder.end_row();
    }
    std::string bytes;
    builder.build()->append_to(bytes);
    expect_refused_or_safe(bytes, random);
}

// Bitsets are filled up to whole vectors: what stands there for no row must be zeros.
TEST(TextSegment, RefusesBitsPastTheRows) {
    const auto segment = build(std::vector<Texts>(65, Texts{{TextField::title, "bakker"}}));
    std::string bytes;
    segment->append_to(bytes);
    std::array<std::uint64_t, 8> words{~std::uint64_t{0}, 1};
    const auto place = bytes.find(std::string(reinterpret_cast<const char*>(words.data()), sizeof words));
    ASSERT_NE(place, std::string::npos);
    std::swap(words[1], words[5]);
    std::memcpy(bytes.data() + place, words.data(), sizeof words);
    EXPECT_FALSE(TextSegment::from_bytes(bytes));
}

}  // namespace
}  // namespace cvstroom::index
