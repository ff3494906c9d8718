// A store with a few CVs, and an index that follows it: what the tests of saved indexes start from.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "index/follower.hpp"
#include "index/rebuild.hpp"
#include "index/terms.hpp"
#include "reference/current_lists.hpp"
#include "store/intake.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/index/toy_extension.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::test {

inline const std::shared_ptr<const reference::ReferenceData>& lists() {
    static const auto loaded = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    return loaded;
}

inline store::Write document(std::uint32_t n, std::uint32_t edition) {
    static const char* const languages[] = {"N", "F", "E", "D"};
    static const char* const regions[] = {"BE231A", "BE231B", "BE234B", "BE241A"};
    store::Intake intake(*lists());
    return intake
        .prepare(R"({"cvId":")" + make_id(n).to_string() +
                 R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","iklId":)" + std::to_string(edition) +
                 R"(,"competenties":[{"type":"talen","code":")" + languages[(n + edition) % 4] + R"(","niveau":")" +
                 std::to_string(n % 4) + R"("}],"gewensteJob":{"regios":[")" + regions[n % 4] + R"("]}})")
        .value();
}

// One run of the program on a database and a folder: its index, loaded or built, and what it took.
struct Process {
    std::unique_ptr<store::SqliteStore> store;
    ToyKind kind;
    index::Index index{&kind};
    reference::CurrentLists current_lists{lists()};
    std::uint64_t fingerprint = index::indexing_fingerprint(*lists());
    std::unique_ptr<index::SavedIndex> saved;
    std::unique_ptr<index::Follower> follower;
    bool was_rebuilt = false;

    Process(const std::filesystem::path& database, const std::filesystem::path& folder,
            index::FollowerTimes times = {}) {
        static const SystemClock clock;
        store = store::SqliteStore::open(database, store::SqliteStore::Mode::create_if_missing, clock).value();
        saved = index::SavedIndex::open(folder).value();
        follower = std::make_unique<index::Follower>(*store, index, current_lists, saved.get(), times);
    }
    void open() {
        const auto opened = follower->open([this](std::uint64_t, std::uint64_t) { was_rebuilt = true; });
        ASSERT_TRUE(opened) << to_string(opened.error());
    }
    Result<void> save() { return saved->save(index, *store, fingerprint); }

    store::Seq write(const store::Write& write) { return store->append(std::span(&write, 1)).value().front().seq; }

    // Everything that a reader can see: each published CV with its version and codes.
    std::map<std::string, std::string> content() const { return content_of(index); }
    static std::map<std::string, std::string> content_of(const index::Index& index) {
        std::map<std::string, std::string> content;
        const auto snapshot = index.snapshot();
        for (const auto& part : snapshot->parts) {
            const auto& segment = *part.segment;
            std::vector<std::string> codes(segment.size());
            std::vector<index::RankedRow> rows;
            for (const auto& code : segment.codes()) {
                segment.collect(code, rows);
                const std::string name(index.dictionary().code(code.code));
                for (const auto& [row, rank] : rows) codes[row] += name + ":" + std::to_string(rank) + " ";
            }
            const auto& toy = dynamic_cast<const ToyExtension&>(*segment.extension());
            for (index::Row row = 0; row < segment.size(); ++row) {
                if (part.dead->contains(row)) continue;
                const auto data = segment.row(row);
                // By code, not by number: another run may number them in another order.
                std::vector<std::string> words;
                std::istringstream split(codes[row]);
                for (std::string word; split >> word;) words.push_back(word);
                std::sort(words.begin(), words.end());
                std::string all = std::to_string(data.seq) + " " + std::to_string(data.version) + " " +
                                  std::to_string(data.instant.time_since_epoch().count()) + " " + toy.texts[row];
                for (const auto& word : words) all += " " + word;
                content[data.cv.to_string()] = all;
            }
        }
        return content;
    }
    // What a rebuild from the store gives.
    std::map<std::string, std::string> truth() const {
        index::Index other(&kind);
        EXPECT_TRUE(index::rebuild_index(*store, other, *lists(), {}));
        return content_of(other);
    }
};

}  // namespace cvstroom::test
