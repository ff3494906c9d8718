// Every form of the loops against the plainest there is.
#include "index/row_kernels.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <vector>

#include "index/packed_rows.hpp"

namespace cvstroom::index {
namespace {

TEST(RowKernels, AllFormsUnpackWhatWasPacked) {
    std::mt19937_64 random(1);
    for (unsigned width = 0; width <= 32; ++width) {
        for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 126U, 127U}) {
            std::vector<std::uint32_t> differences(count);
            for (auto& each : differences) {
                each = static_cast<std::uint32_t>(random() & ((std::uint64_t{1} << width) - 1));
            }
            std::vector<std::uint8_t> packed((count * width + 7) / 8 + bytes_read_past, 0);
            const auto* end = pack(differences, width, packed.data());
            EXPECT_EQ(end, packed.data() + (count * width + 7) / 8);
            const auto before = static_cast<Row>(random());
            std::vector<Row> expected;
            Row row = before;
            for (const auto each : differences) expected.push_back(row += each + 1);  // past the end it begins at 0
            for (const auto* form : available_row_kernels()) {
                std::vector<Row> rows(count + rows_written_past);
                form->unpack(packed.data(), width, before, rows.data(), count);
                rows.resize(count);
                EXPECT_EQ(rows, expected) << form->name << ", " << width << " bits";
            }
        }
    }
}

TEST(RowKernels, AllFormsExpandAndCountAlike) {
    std::mt19937_64 random(2);
    for (const std::size_t count : {0U, 1U, 3U, 128U}) {
        for (const std::uint64_t thin : {1U, 2U, 4U}) {
            std::vector<std::uint8_t> masks(8 * count + 1);  // from the second byte on: at no alignment
            std::vector<std::uint8_t> data;
            std::vector<std::uint64_t> before(8 * count);
            for (auto& word : before) word = random() & random() & random();
            auto expected = before;
            for (std::size_t byte = 0; byte < 64 * count; ++byte) {
                if (random() % thin != 0) continue;
                masks[1 + byte / 8] = static_cast<std::uint8_t>(masks[1 + byte / 8] | 1U << (byte % 8));
                data.push_back(static_cast<std::uint8_t>(1 + random() % 255));
                expected[byte / 8] |= std::uint64_t{data.back()} << (byte % 8 * 8);
            }
            data.resize(data.size() + bytes_read_past, 0xFF);
            std::size_t ones = 0;
            for (const auto word : expected) ones += static_cast<std::size_t>(std::popcount(word));
            for (const auto* form : available_row_kernels()) {
                auto words = before;
                form->expand(masks.data() + 1, count, data.data(), words.data());
                EXPECT_EQ(words, expected) << form->name;
                EXPECT_EQ(form->count(words.data(), words.size()), ones) << form->name;
            }
        }
    }
}

TEST(RowKernels, ThePortableFormIsAlwaysThere) {
    EXPECT_EQ(available_row_kernels().front(), &portable_row_kernels);
    EXPECT_EQ(&row_kernels(), available_row_kernels().back());
}

}  // namespace
}  // namespace cvstroom::index
