// Over real TLS: nothing of a person leaves the server before it is recorded who received it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "audit/query.hpp"
#include "audit/verify.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/command_line.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom {
namespace {

using test::ask;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* api = "/services/openservices/v1";

std::string id_of(int n) {
    return "0000000" + std::to_string(n) + "-0000-4000-8000-000000000000";
}
std::string document(int n) {
    return R"({"cvId":")" + id_of(n) +
           R"(","status":"OPEN","wijzigingsDatum":"2026-02-13","natuurlijkPersoon":{"voornaam":"Zilverdrager"},)"
           R"("gewensteJob":{"regios":["BE231A"]}})";
}

class AuditWireTest : public testing::Test {
  protected:
    test::RunningProgram program_{{document(1), document(2), document(3)}};

    test::WireResponse get(const std::string& path, std::vector<std::string> fields = {}, std::string method = "GET") {
        return ask(program_.port(), program_.key(), {std::move(method), api + path, std::move(fields), ""});
    }
    std::vector<audit::Entry> records(const audit::Filter& filter = {}) {
        std::vector<audit::Entry> found;
        const auto done = audit::find_records(program_.database() + ".audit", filter,
                                              [&](const audit::Entry& entry) { found.push_back(entry); });
        EXPECT_TRUE(done) << to_string(done.error());
        return found;
    }
    audit::Verification verify() {
        const SystemClock clock;
        const auto store =
            store::SqliteStore::open(program_.database(), store::SqliteStore::Mode::open_existing, clock).value();
        const auto anchors = store->anchors().value();
        return audit::verify(program_.database() + ".audit", audit::derive_key(store->secret()), anchors).value();
    }
    static std::vector<std::string> ids(const audit::Entry& entry) {
        std::vector<std::string> all;
        for (const auto& each : entry.cvs) all.push_back(each.cv.to_string());
        return all;
    }
};

TEST_F(AuditWireTest, EveryAnswerWithMembersOfACvIsRecordedAndNoOther) {
    const auto detail = get("/kandidaten/" + id_of(1));
    ASSERT_EQ(detail.status, 200U);
    const auto search = get("/kandidaten?gewensteRegios=BE231A&velden=status,natuurlijkPersoon.voornaam");
    ASSERT_EQ(search.status, 200U);
    const auto batch = ask(program_.port(), program_.key(),
                           {"POST",
                            std::string(api) + "/kandidaten",
                            {"Content-Type: application/json"},
                            R"({"cvs":[{"cvId":")" + id_of(2) + R"(","versie":0},{"cvId":")" + id_of(3) +
                                R"(","versie":1},{"cvId":"99999999-0000-4000-8000-000000000000","versie":0}]})"});
    ASSERT_EQ(batch.status, 200U);
    const auto own = ask(program_.administration_port(), program_.administration_key(),
                         {"GET", "/beheer/v1/kandidaten/" + id_of(1), {}, ""});
    ASSERT_EQ(own.status, 200U);
    // None of these gives anything of a person.
    EXPECT_EQ(get("/kandidaten/" + id_of(1), {"If-None-Match: \"1\""}).status, 304U);
    EXPECT_EQ(get("/kandidaten/" + id_of(1), {}, "HEAD").status, 200U);
    EXPECT_EQ(get("/kandidaten/99999999-0000-4000-8000-000000000000").status, 404U);
    EXPECT_EQ(get("/kandidaten?gewensteRegios=BE231A").status, 200U);
    EXPECT_EQ(get("/kandidaten/bulk").status, 200U);

    const auto found = records();
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].resource, "detail");
    EXPECT_EQ(found[0].members, "*");
    EXPECT_EQ(found[0].partner, "Test partner");
    EXPECT_EQ(found[0].key, program_.key().substr(0, 12));
    EXPECT_EQ(found[0].trace, detail.field("BelGov-Trace-Id"));
    EXPECT_THAT(ids(found[0]), ElementsAre(id_of(1)));
    EXPECT_EQ(found[0].cvs[0].version, 1U);
    EXPECT_EQ(found[1].resource, "search");
    EXPECT_EQ(found[1].members, "status,natuurlijkPersoon.voornaam");
    EXPECT_EQ(found[1].cvs.size(), 3U);
    EXPECT_EQ(found[2].resource, "batch");
    EXPECT_THAT(ids(found[2]), ElementsAre(id_of(2))) << "not what the partner held already, nor what never was";
    EXPECT_EQ(found[3].resource, "administration");
    EXPECT_EQ(found[3].partner, "Test provider");
    EXPECT_EQ(program_.stop(), 0);
    EXPECT_THAT(verify().faults, IsEmpty());
    EXPECT_EQ(verify().records, 4U);
}

TEST_F(AuditWireTest, ALongPageThatIsMadeBesideTheLoopsIsRecordedLikeAShortOne) {
    const auto search = get("/kandidaten?gewensteRegios=BE231A&velden=status&aantal=200");
    ASSERT_EQ(search.status, 200U);
    const auto found = records();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].resource, "search");
    EXPECT_EQ(found[0].members, "status");
    EXPECT_EQ(found[0].partner, "Test partner");
    EXPECT_EQ(found[0].trace, search.field("BelGov-Trace-Id"));
    EXPECT_EQ(found[0].cvs.size(), 3U);
}

TEST_F(AuditWireTest, AStreamIsRecordedPieceByPieceBeforeItGoes) {
    const auto stream = [&](const std::string& more) {
        test::TlsClient client(program_.port());
        client.send(test::request_bytes(program_.key(), {"GET",
                                                         std::string(api) + "/kandidaten/bulk" + more,
                                                         {"Accept: application/x-ndjson", "Connection: close"},
                                                         ""}));
        return client.read_until_close();
    };
    EXPECT_THAT(stream(""), HasSubstr("\"einde\":true"));
    EXPECT_THAT(records(), IsEmpty()) << "ids and states are nothing of a person";
    const auto documents = stream("?velden=*");
    EXPECT_THAT(documents, HasSubstr("Zilverdrager"));
    const auto found = records();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].resource, "bulk");
    EXPECT_EQ(found[0].members, "*");
    EXPECT_EQ(found[0].partner, "Test partner");
    EXPECT_THAT(documents, HasSubstr(found[0].trace));
    EXPECT_THAT(ids(found[0]), ElementsAre(id_of(1), id_of(2), id_of(3)));

    rlimit usual{};
    prlimit(program_.process(), RLIMIT_FSIZE, nullptr, &usual);
    rlimit full = usual;
    full.rlim_cur = 1;
    prlimit(program_.process(), RLIMIT_FSIZE, &full, nullptr);
    const auto cut = stream("?velden=*");
    prlimit(program_.process(), RLIMIT_FSIZE, &usual, nullptr);
    EXPECT_THAT(cut, Not(HasSubstr("Zilverdrager")));
    EXPECT_THAT(cut, Not(HasSubstr("\"einde\":true"))) << "a client sees that it is not whole";
}

TEST_F(AuditWireTest, WhatWasAnsweredIsRecordedEvenWhenTheServerIsKilled) {
    std::vector<std::vector<std::string>> answered(4);
    std::vector<std::thread> clients;
    for (std::size_t i = 0; i < answered.size(); ++i) {
        clients.emplace_back([this, &traces = answered[i]] {
            try {
                test::TlsClient client(program_.port());
                for (;;) {
                    client.send(test::request_bytes(program_.key(),
                                                    {"GET", std::string(api) + "/kandidaten/" + id_of(2), {}, ""}));
                    const auto response = client.read_response();
                    if (response.status == 200) traces.push_back(response.field("BelGov-Trace-Id"));
                }
            } catch (const std::exception&) {
                // The server is gone.
            }
        });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{400});
    program_.kill_hard();
    for (auto& client : clients) client.join();
    std::vector<std::string> recorded;
    for (const auto& entry : records()) recorded.push_back(entry.trace);
    std::sort(recorded.begin(), recorded.end());
    std::size_t count = 0;
    for (const auto& traces : answered) {
        for (const auto& trace : traces) {
            EXPECT_TRUE(std::binary_search(recorded.begin(), recorded.end(), trace)) << trace;
            ++count;
        }
    }
    EXPECT_GT(count, 10U);
    program_.start();
    EXPECT_EQ(get("/kandidaten/" + id_of(1)).status, 200U);
    EXPECT_EQ(program_.stop(), 0);
    EXPECT_THAT(verify().faults, IsEmpty());
}

// A limit of the kernel's on the size of files stands for a full disk.
TEST_F(AuditWireTest, WhenTheAuditCannotBeWrittenPersonalDataIsRefusedAndTheRestIsServed) {
    ASSERT_EQ(get("/kandidaten/" + id_of(1)).status, 200U);
    rlimit usual{};
    prlimit(program_.process(), RLIMIT_FSIZE, nullptr, &usual);
    rlimit full = usual;
    full.rlim_cur = 1;
    prlimit(program_.process(), RLIMIT_FSIZE, &full, nullptr);
    const auto refused = get("/kandidaten/" + id_of(1), {"Accept-Language: en"});
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(refused.field("Content-Type"), "application/problem+json");
    EXPECT_THAT(refused.body, HasSubstr("recorded"));
    EXPECT_THAT(refused.body, Not(HasSubstr("Zilverdrager")));
    EXPECT_FALSE(refused.has_field("ETag"));
    EXPECT_EQ(get("/kandidaten?velden=status").status, 503U);
    EXPECT_EQ(get("/kandidaten?gewensteRegios=BE231A").status, 200U) << "ids alone are nothing of a person";
    const auto health = ask(program_.administration_port(), "", {"GET", "/health", {}, ""});
    EXPECT_THAT(health.body, HasSubstr(R"({"status":"DEGRADED")"));
    EXPECT_THAT(health.body, HasSubstr(R"("audit":{"status":"DEGRADED")"));
    const auto metrics = ask(program_.administration_port(), "", {"GET", "/metrics", {}, ""});
    EXPECT_THAT(metrics.body, HasSubstr("cvstroom_audit_failing 1"));
    prlimit(program_.process(), RLIMIT_FSIZE, &usual, nullptr);
    EXPECT_EQ(get("/kandidaten/" + id_of(1)).status, 200U) << "it recovers by itself";
    EXPECT_EQ(program_.stop(), 0);
    EXPECT_THAT(verify().faults, IsEmpty());
    EXPECT_EQ(records().size(), 2U);
}

// Beside a server, which alone writes to the audit.
TEST_F(AuditWireTest, WhatACommandGivesOutIsRecordedByTheServer) {
    const auto run = [&](const std::string& command) {
        return test::run_shell(CVSTROOM_PROGRAM " " + command + " --by an@provider --database " + program_.database() +
                               " 2>&1");
    };
    const auto exported = run("export");
    EXPECT_EQ(exported.code, 0) << exported.output;
    EXPECT_THAT(exported.output, HasSubstr(id_of(1)));
    const auto person = run("person export " + id_of(1));
    EXPECT_EQ(person.code, 0) << person.output;
    const auto all = records();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].resource, "export");
    EXPECT_EQ(all[0].partner, "an@provider");
    EXPECT_GT(all[0].cvs.size(), 1U);
    EXPECT_EQ(all[1].resource, "person");
    EXPECT_EQ(all[1].cvs.size(), 1U);
    // A letter of somebody who does not know the database's secret is put aside.
    const auto forged = program_.database() + ".audit/00000000-0000-4000-8000-000000000000.letter";
    std::ofstream(forged) << std::string(64, '0') << "\n{}\n";
    for (int tries = 0; tries < 400 && std::filesystem::exists(forged); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds{25});
    }
    EXPECT_FALSE(std::filesystem::exists(forged));
    EXPECT_THAT(program_.log(), HasSubstr("no letter of this database"));
    EXPECT_EQ(program_.stop(), 0);
    EXPECT_EQ(run("export").code, 0) << "without a server the command records it itself";
    EXPECT_EQ(records().size(), 3U);
    EXPECT_THAT(verify().faults, IsEmpty());
}

}  // namespace
}  // namespace cvstroom
