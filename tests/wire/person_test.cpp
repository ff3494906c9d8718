// The rights of the person at the provider's door, on a server that has the CV in its caches and was asked for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/command_line.hpp"
#include "tests/support/file_search.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using test::ask;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* id = "00000001-0000-4000-8000-000000000000";
const std::string path = std::string("/services/openservices/v1/kandidaten/") + id;
const std::string person = std::string("/beheer/v1/personen/") + id;

// Long enough to fill pages of its own, and nothing that zstd can shorten to nothing.
std::string document() {
    std::string words;
    for (unsigned n = 0; n < 400; ++n) words += "Zilverdrager" + std::to_string(n * 7919U % 10007U) + " ";
    return R"({"cvId":")" + std::string(id) +
           R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","natuurlijkPersoon":{"voornaam":"Zilverdrager"},)"
           R"("gewensteJob":{"regios":["BE231A"],"functies":[{"titel":"Zilverdrager"}]},"notitie":")" +
           words + "\"}";
}

TEST(PersonWireTest, ExportTellsWhoReceivedItAndErasureReachesEveryFileAndCache) {
    test::RunningProgram program({document()});
    const auto provider = [&](const std::string& method) {
        return ask(program.administration_port(), program.administration_key(), {method, person, {}, ""});
    };
    ASSERT_EQ(ask(program.port(), program.key(), {"GET", path, {}, ""}).status, 200U);
    ASSERT_EQ(ask(program.port(), program.key(), {"GET", path, {"Accept-Encoding: zstd"}, ""}).status, 200U);
    const auto held = provider("GET");
    EXPECT_EQ(held.status, 200U);
    EXPECT_THAT(held.body, HasSubstr("Zilverdrager"));
    EXPECT_THAT(held.body, HasSubstr(R"("partner":"Test partner","sleutel":")" + program.key().substr(0, 12) +
                                     R"(","aanvraag":"detail","velden":"*","versie":1)"));
    std::vector<std::string> pieces;
    {
        const SystemClock clock;
        const auto store =
            store::SqliteStore::open(program.database(), store::SqliteStore::Mode::open_existing, clock).value();
        pieces = test::pieces_of(store->document(1).value().value());
    }
    const auto folder = std::filesystem::path(program.database()).parent_path();
    ASSERT_THAT(test::files_with(folder, pieces), Not(IsEmpty())) << "else this would prove nothing";

    const auto erased = provider("DELETE");
    EXPECT_EQ(erased.status, 200U);
    EXPECT_THAT(erased.body, HasSubstr(R"("resultaat":"GEWIST")"));
    EXPECT_THAT(erased.body, HasSubstr(R"("bestanden":"GEWIST")"));
    pieces.push_back("Zilverdrager");
    bool is_gone = false;
    for (int tries = 0; tries < 200 && !is_gone; ++tries) {
        is_gone = test::files_with(folder, pieces).empty();
        if (!is_gone) std::this_thread::sleep_for(std::chrono::milliseconds{25});
    }
    EXPECT_TRUE(is_gone) << testing::PrintToString(test::files_with(folder, pieces));
    EXPECT_THAT(ask(program.port(), program.key(), {"GET", path, {}, ""}).body, Not(HasSubstr("Zilverdrager")));
    EXPECT_THAT(ask(program.port(), program.key(),
                    {"GET", "/services/openservices/v1/kandidaten/bulk?van=2020-01-01T00:00:00Z", {}, ""})
                    .body,
                HasSubstr("VERWIJDERD"));
    const auto left = provider("GET");
    EXPECT_THAT(left.body, HasSubstr(R"("status":"VERWIJDERD")"));
    EXPECT_THAT(left.body, HasSubstr(R"("aanvraag":"detail")")) << "who received it stays known";
    EXPECT_THAT(left.body, Not(HasSubstr("Zilverdrager")));
    EXPECT_EQ(program.stop(), 0);
    EXPECT_THAT(test::files_with(folder, pieces), IsEmpty());
}

// The saved index holds ids as 16 bytes, and the codes and words that a CV is found by.
class ErasureFromTheIndexTest : public testing::Test {
  protected:
    static std::string number(unsigned n) { return n < 10 ? "0" + std::to_string(n) : std::to_string(n); }
    static std::string id_of(unsigned n) { return "5a11de00-77c3-4b1e-9d2f-a0b1c2d3e4" + number(n); }
    static std::string document_of(unsigned n) {
        return R"({"cvId":")" + id_of(n) + R"(","status":"OPEN","wijzigingsDatum":"2026-02-13",)" +
               R"("natuurlijkPersoon":{"voornaam":"Zilverdrager"},"gewensteJob":{"regios":["BE231A"],)" +
               R"("functies":[{"titel":"Vuurtorenwachter)" + number(n) + "kwart\"}]}}";
    }
    static std::vector<std::string> documents() {
        std::vector<std::string> all;
        for (unsigned n = 0; n < 20; ++n) all.push_back(document_of(n));
        return all;
    }

    // Where the CV's id, as the index has it, or its own word stands.
    std::vector<std::string> traces_of(unsigned n) const {
        const auto id = Uuid::parse(id_of(n)).value();
        return test::files_with(program_.database() + ".index",
                                {std::string(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()),
                                 "vuurtorenwachter" + number(n) + "kwart"});
    }
    test::Outcome erase(unsigned n) const {
        return test::run_shell(CVSTROOM_PROGRAM " person erase --database " + program_.database() + " " + id_of(n) +
                               " 2>&1");
    }

    test::RunningProgram program_{documents()};
};

TEST_F(ErasureFromTheIndexTest, IsDoneWhenTheCommandReturnsWithAServerAndWithout) {
    ASSERT_EQ(program_.stop(), 0);
    ASSERT_THAT(traces_of(1), Not(IsEmpty())) << "else this would prove nothing";
    const auto alone = erase(1);
    EXPECT_EQ(alone.code, 0) << alone.output;
    EXPECT_THAT(traces_of(1), IsEmpty()) << "no server runs";
    ASSERT_THAT(traces_of(2), Not(IsEmpty())) << "the rest of the index is as it was";

    program_.start();
    EXPECT_THAT(program_.log(), Not(HasSubstr("cannot be used"))) << "and can be loaded";
    const auto beside = erase(2);
    EXPECT_EQ(beside.code, 0) << beside.output;
    EXPECT_THAT(traces_of(2), IsEmpty()) << "the command asked the server for it";

    ASSERT_THAT(traces_of(3), Not(IsEmpty()));
    const auto by_door = ask(program_.administration_port(), program_.administration_key(),
                             {"DELETE", "/beheer/v1/personen/" + id_of(3), {}, ""});
    EXPECT_THAT(by_door.body, HasSubstr(R"("bestanden":"GEWIST")"));
    EXPECT_THAT(traces_of(3), IsEmpty()) << "the server did it before it answered";
    EXPECT_THAT(traces_of(4), Not(IsEmpty()));
    for (const unsigned n : {1U, 2U, 3U}) {
        const auto found =
            ask(program_.port(), program_.key(),
                {"GET", "/services/openservices/v1/kandidaten?gewensteRegios=BE231A&aantal=100", {}, ""});
        EXPECT_THAT(found.body, Not(HasSubstr(id_of(n))));
    }
}

TEST_F(ErasureFromTheIndexTest, ReachesAnIndexThatCannotBeUsedAnyMore) {
    ASSERT_EQ(program_.stop(), 0);
    ASSERT_THAT(traces_of(1), Not(IsEmpty()));
    std::ofstream(program_.database() + ".index/manifest", std::ios::trunc) << "damaged";
    const auto erased = erase(1);
    EXPECT_EQ(erased.code, 0) << erased.output;
    EXPECT_THAT(traces_of(1), IsEmpty());
}

}  // namespace
}  // namespace cvstroom
