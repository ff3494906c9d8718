// A real PostgreSQL of a test's own: made in a temporary folder, reached by a unix socket there, gone at the end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include "tests/support/temporary_folder.hpp"

namespace cvstroom::test {

// Starts in some seconds; keep one a test suite, with a database for each test. As root it runs as the user postgres,
// which Debian's package makes. Throws when it does not come up, with what the server said.
class PostgresCluster {
  public:
    PostgresCluster() {
        if (geteuid() == 0) run("chown postgres " + folder_.path().string());
        run(as_owner(binary("initdb") + " -D " + data() + " -U postgres -A trust --no-sync -E UTF8 --locale=C"));
        // Durability is PostgreSQL's own to prove; without waiting for the disk the tests are quicker.
        run(as_owner(binary("pg_ctl") + " -w -t 60 -D " + data() + " -l " + (folder_ / "log").string() + " -o \"-k " +
                     folder_.path().string() + " -c listen_addresses='' -c fsync=off\" start"));
    }
    ~PostgresCluster() {
        [[maybe_unused]] const int ignored =
            std::system(quietly(as_owner(binary("pg_ctl") + " -D " + data() + " -m immediate stop")).c_str());
    }
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    // The folder of PostgreSQL's own programs, with a slash at its end.
    static std::string programs() {
        for (const char* version : {"15", "16", "17", "14", "13"}) {
            const std::string folder = std::string("/usr/lib/postgresql/") + version + "/bin/";
            if (std::filesystem::exists(folder + "initdb")) return folder;
        }
        throw std::runtime_error("PostgreSQL is not installed: run scripts/setup build test");
    }

    // "postgresql:///NAME?host=…&user=…"
    std::string url(const std::string& database, const std::string& user = "postgres") const {
        return "postgresql:///" + database + "?host=" + folder_.path().string() + "&user=" + user;
    }
    void create_database(const std::string& name) const { execute("postgres", "CREATE DATABASE " + name); }
    // Runs statements with psql; throws with what it said when one fails.
    void execute(const std::string& database, const std::string& statements) const { query(database, statements); }
    // What psql prints, without decoration; the last newline is not part of it.
    std::string query(const std::string& database, const std::string& statements) const {
        const auto input = (folder_ / "statements.sql").string();
        const auto output = (folder_ / "output").string();
        std::ofstream(input) << statements;
        const auto command = binary("psql") + " -X -q -t -A -v ON_ERROR_STOP=1 -d '" + url(database) + "' -f " + input +
                             " >" + output + " 2>&1";
        const int code = std::system(command.c_str());
        std::ifstream file(output, std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(file), {}};
        if (code != 0) throw std::runtime_error(text);
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }

  private:
    static std::string binary(const std::string& name) { return programs() + name; }
    std::string data() const { return (folder_ / "data").string(); }
    static std::string as_owner(const std::string& command) {
        return geteuid() == 0 ? "cd / && runuser -u postgres -- " + command : command;
    }
    // The server must not inherit what the test has open, such as a lock that somebody waits for.
    static std::string quietly(const std::string& command) {
        return "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; (" + command + ") >/dev/null 2>&1";
    }
    void run(const std::string& command) const {
        if (std::system(quietly(command).c_str()) == 0) return;
        std::ifstream log(folder_ / "log");
        throw std::runtime_error(command + " failed: " + std::string{std::istreambuf_iterator<char>(log), {}});
    }

    TemporaryFolder folder_;
};

}  // namespace cvstroom::test
