// The text of a segment against a plain list of texts: what goes in comes out, whatever is merged, saved or damaged.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "index/text_segment_builder.hpp"

namespace cvstroom::index {
namespace {

using RowTexts = std::vector<FoldedText>;

// The rows as the segment has them.
RowTexts texts_of(const TextSegment& segment, Row row) {
    RowTexts texts;
    segment.each_text(row, [&](const RowText& each) {
        FoldedText text{each.field, {}};
        each_word(each.words, [&](WordId id) {
            if (!text.text.empty()) text.text += ' ';
            text.text += segment.word(id);
        });
        texts.push_back(std::move(text));
    });
    return texts;
}

bool same(const RowTexts& a, const RowTexts& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.field == y.field && x.text == y.text; });
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

void expect_equal(const TextSegment& segment, const std::vector<RowTexts>& truth) {
    ASSERT_EQ(segment.size(), truth.size());
    std::map<std::string, std::vector<Row>> rows;
    std::array<std::uint64_t, text_fields> lengths{};
    for (Row row = 0; row < truth.size(); ++row) {
        ASSERT_TRUE(same(texts_of(segment, row), truth[row])) << "row " << row;
        std::set<std::string> words;
        for (const auto& text : truth[row]) {
            words.merge(words_of(text.text));
            lengths[static_cast<std::size_t>(text.field)] +=
                static_cast<std::uint64_t>(std::count(text.text.begin(), text.text.end(), ' ')) + 1;
        }
        for (const auto& word : words) rows[word].push_back(row);
    }
    EXPECT_EQ(segment.field_lengths(), lengths);
    ASSERT_EQ(segment.words(), rows.size());
    for (const auto& [word, expected] : rows) {
        const auto id = segment.find(word);
        ASSERT_TRUE(id) << word;
        std::vector<Row> found;
        segment.rows_of(*id).append_to(found);
        ASSERT_EQ(found, expected) << word;
        std::vector<Row> asked;
        for (Row row = 0; row < segment.size(); row += 1 + row % 3) asked.push_back(row);
        std::vector<std::uint8_t> marks(asked.size(), 0);
        segment.rows_of(*id).mark(asked, marks);
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
    RowTexts row() {
        RowTexts texts;
        for (std::uint32_t n = below(6); n > 0; --n) texts.push_back({static_cast<TextField>(below(4)), text()});
        return texts;
    }
    std::vector<RowTexts> rows(std::uint32_t count) {
        std::vector<RowTexts> all;
        for (; count > 0; --count) all.push_back(row());
        return all;
    }

  private:
    std::mt19937 random_;
};

std::shared_ptr<const TextSegment> build(const std::vector<RowTexts>& rows) {
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
        std::vector<RowTexts> truth;
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
        segment.rows_of(id).mark(rows, marks);
        segment.find(segment.word(id));
    }
    for (Row row = 0; row < segment.size(); ++row) texts_of(segment, row);
    segment.find_prefix("w1", ids);
    segment.find_stem(12345, ids);
}

// Under AddressSanitizer this also shows that nothing outside the bytes is touched.
TEST(TextSegment, RefusesCutBytesAndSurvivesDamagedOnes) {
    RandomTexts random(5);
    std::string bytes;
    build(random.rows(200))->append_to(bytes);
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

}  // namespace
}  // namespace cvstroom::index
