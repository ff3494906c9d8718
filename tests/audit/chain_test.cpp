// Whatever is changed, cut, moved or taken away is found out.
#include <map>

#include "audit/record_line.hpp"
#include "tests/audit/fixture.hpp"

namespace cvstroom {
namespace {

using test::AuditTest;
using test::make_entry;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ChainTest : public AuditTest {
  protected:
    void record_some(std::uint32_t count, std::uint32_t first = 0) {
        const auto recorder = open();
        for (std::uint32_t n = 0; n < count; ++n) ASSERT_TRUE(record(*recorder, make_entry(first + n)));
    }
    std::vector<std::string> lines(std::uint64_t number) {
        std::vector<std::string> all;
        std::istringstream input(read(file(number)));
        for (std::string line; std::getline(input, line);) all.push_back(line + "\n");
        return all;
    }
    void write_lines(std::uint64_t number, const std::vector<std::string>& all) {
        std::string content;
        for (const auto& line : all) content += line;
        write(file(number), content);
    }
};

TEST_F(ChainTest, EveryChangedByteIsFound) {
    record_some(4);
    const auto good = read(file(1));
    ASSERT_THAT(verify().faults, IsEmpty());
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        write(file(1), bad);
        ASSERT_THAT(verify().faults, Not(IsEmpty())) << "byte " << at << ", which was " << good[at];
    }
}

TEST_F(ChainTest, EveryCutIsFoundOnceTheHeadIsAnchored) {
    record_some(4);
    const auto good = read(file(1));
    for (std::size_t size = 0; size < good.size(); ++size) {
        write(file(1), good.substr(0, size));
        ASSERT_THAT(verify().faults, Not(IsEmpty())) << "cut to " << size << " of " << good.size();
    }
}

TEST_F(ChainTest, EveryLineThatIsRemovedMovedOrRepeatedIsFound) {
    record_some(5);
    const auto good = lines(1);
    ASSERT_EQ(good.size(), 11U) << "a header, and a record and a seal five times";
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto removed = good;
        removed.erase(removed.begin() + static_cast<std::ptrdiff_t>(i));
        write_lines(1, removed);
        ASSERT_THAT(verify().faults, Not(IsEmpty())) << "without line " << i;
        auto repeated = good;
        repeated.insert(repeated.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
        write_lines(1, repeated);
        ASSERT_THAT(verify().faults, Not(IsEmpty())) << "with line " << i << " twice";
        for (std::size_t j = i + 1; j < good.size(); ++j) {
            auto swapped = good;
            std::swap(swapped[i], swapped[j]);
            write_lines(1, swapped);
            ASSERT_THAT(verify().faults, Not(IsEmpty())) << "lines " << i << " and " << j << " swapped";
        }
    }
}

TEST_F(ChainTest, FilesThatAreTakenAwaySwappedOrCutAreFound) {
    config_.journal.file_bytes = 500;
    record_some(12);
    const auto files = audit::list_files(config_.journal.folder).value();
    ASSERT_GT(files.size(), 3U);
    std::map<std::uint64_t, std::string> good;
    for (const auto& each : files) good[each.number] = read(each.path);
    const auto restore = [&] {
        for (const auto& [number, content] : good) write(file(number), content);
    };
    for (const auto& each : files) {
        std::filesystem::remove(each.path);
        EXPECT_THAT(verify().faults, Not(IsEmpty())) << "without file " << each.number;
        restore();
    }
    write(file(1), good[2]);
    write(file(2), good[1]);
    EXPECT_THAT(verify().faults, Not(IsEmpty())) << "swapped";
    restore();
    write(file(2), good[2].substr(0, good[2].rfind("{\"seal\"")));
    EXPECT_THAT(verify().faults, Contains(Field(&audit::Fault::what, HasSubstr("closing seal is missing"))));
    restore();
    std::filesystem::remove_all(config_.journal.folder);
    EXPECT_THAT(verify().faults, Not(IsEmpty())) << "the whole folder is gone; the database remembers it";
    std::filesystem::create_directories(config_.journal.folder);
    restore();
    EXPECT_THAT(verify().faults, IsEmpty());
}

TEST_F(ChainTest, AnOlderCopyOfTheWholeFolderIsFound) {
    record_some(3);
    const auto older = read(file(1));
    record_some(3, 3);
    write(file(1), older);
    EXPECT_THAT(verify().faults, Contains(Field(&audit::Fault::what, HasSubstr("cut or replaced"))));
}

TEST_F(ChainTest, SealsCannotBeMadeWithoutTheKey) {
    record_some(3);
    // The same records, sealed by somebody who knows the format and has another key.
    const auto stranger = audit::derive_key(std::array<std::uint8_t, 32>{});
    std::filesystem::remove(file(1));
    auto journal = audit::Journal::open(config_.journal, stranger, {}).value();
    for (std::uint32_t n = 0; n < 3; ++n) {
        std::string line;
        audit::append_record(line, make_entry(n));
        ASSERT_TRUE(journal->append(line, 1, clock_.now(), true));
    }
    ASSERT_TRUE(journal->finish());
    EXPECT_THAT(verify().faults, Not(IsEmpty()));
}

TEST_F(ChainTest, AHeadThatWasWrittenDownElsewhereIsChecked) {
    record_some(3);
    const auto head = verify().head.value();
    record_some(2, 3);
    EXPECT_THAT(verify(head).faults, IsEmpty());
    auto other = head;
    other.code[0] ^= 1;
    EXPECT_THAT(verify(other).faults, Contains(Field(&audit::Fault::what, HasSubstr("made anew"))));
    EXPECT_THAT(verify(audit::KnownSeal{99, head.code}).faults, Not(IsEmpty()));
}

TEST_F(ChainTest, AFileThatWasChangedIsLeftAsEvidenceAndRecordingGoesOnInANewOne) {
    record_some(3);
    auto bad = read(file(1));
    bad[bad.find("Zilverduin")] = 'X';
    write(file(1), bad);
    record_some(2, 3);
    EXPECT_EQ(read(file(1)), bad);
    EXPECT_TRUE(std::filesystem::exists(file(2)));
    EXPECT_THAT(verify().faults, Not(IsEmpty()));
    EXPECT_EQ(find().size(), 5U);
}

}  // namespace
}  // namespace cvstroom
