#include <postgresql/libpq-fe.h>

#include <chrono>
#include <fstream>
#include <map>
#include <sstream>

#include "bench/search/engines.hpp"

namespace cvstroom::bench {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Outcome = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string array_of(const std::string& words) {
    std::string array = "{";
    std::istringstream in(words);
    for (std::string word; in >> word;) array += (array.size() > 1 ? ",\"" : "\"") + word + "\"";
    return array + "}";
}

class Postgres final : public Engine {
  public:
    Postgres(const std::string& connection, const index::Dictionary& dictionary)
        : connection_(PQconnectdb(connection.c_str()), PQfinish), dictionary_(dictionary) {
        if (PQstatus(connection_.get()) != CONNECTION_OK) give_up(PQerrorMessage(connection_.get()));
    }
    std::string name() const override { return "PostgreSQL"; }

    Loaded load(const Corpus& corpus, const std::filesystem::path& words) override {
        Loaded loaded;
        run("SET client_min_messages = warning");
        run("CREATE TABLE IF NOT EXISTS cv(seq bigint NOT NULL, words text[] NOT NULL)");
        if (number("SELECT count(*) FROM cv") != corpus.size()) {
            const auto begin = std::chrono::steady_clock::now();
            fill(words);
            loaded.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        }
        loaded.bytes = static_cast<double>(number("SELECT pg_total_relation_size('cv')"));
        return loaded;
    }
    std::vector<Answer> ask(std::span<const Query* const> queries) override {
        std::vector<Answer> answers;
        for (const auto* query : queries) answers.push_back(ask(*query));
        return answers;
    }

  private:
    Outcome run(const std::string& sql) {
        Outcome outcome(PQexec(connection_.get(), sql.c_str()), PQclear);
        check(outcome.get());
        return outcome;
    }
    void check(const PGresult* outcome) {
        const auto status = PQresultStatus(outcome);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) {
            give_up(PQerrorMessage(connection_.get()));
        }
    }
    std::uint64_t number(const std::string& sql) { return std::stoull(PQgetvalue(run(sql).get(), 0, 0)); }

    void fill(const std::filesystem::path& words) {
        run("DROP TABLE cv");
        run("CREATE TABLE cv(seq bigint NOT NULL, words text[] NOT NULL)");
        run("COPY cv FROM STDIN");
        std::ifstream in(words, std::ios::binary);
        std::string row;
        for (std::string line; std::getline(in, line);) {
            const auto tab = line.find('\t');
            row += line.substr(0, tab + 1) + array_of(line.substr(tab + 1)) + "\n";
            if (row.size() < (1U << 20U)) continue;
            PQputCopyData(connection_.get(), row.data(), static_cast<int>(row.size()));
            row.clear();
        }
        PQputCopyData(connection_.get(), row.data(), static_cast<int>(row.size()));
        PQputCopyEnd(connection_.get(), nullptr);
        check(Outcome(PQgetResult(connection_.get()), PQclear).get());
        while (PQgetResult(connection_.get()) != nullptr) {
        }
        run("ALTER TABLE cv ADD PRIMARY KEY (seq)");
        run("CREATE INDEX cv_words ON cv USING gin(words) WITH (fastupdate = off)");
        run("ALTER TABLE cv ALTER words SET STATISTICS 1000");
        run("VACUUM ANALYZE cv");
    }

    // One statement a shape of query, prepared once. All words that must be there are one condition.
    const std::string& prepared(bool has_all, std::size_t lists, bool has_excluded, bool has_from) {
        const auto key = std::to_string(has_all) + "_" + std::to_string(lists) + "_" + std::to_string(has_excluded) +
                         "_" + std::to_string(has_from);
        auto& name = statements_[key];
        if (!name.empty()) return name;
        name = "q" + key;
        int parameter = 2;
        std::string where;
        const auto add = [&](const std::string& before, const std::string& type) {
            where += (where.empty() ? "" : " AND ") + before + "$" + std::to_string(++parameter) + type;
        };
        if (has_all) add("words @> ", "::text[]");
        for (std::size_t n = 0; n < lists; ++n) add("words && ", "::text[]");
        if (has_excluded) add("NOT words && ", "::text[]");
        if (has_from) add("seq >= ", "::bigint");
        const auto sql = "WITH m AS MATERIALIZED (SELECT seq FROM cv WHERE " + where +
                         ") SELECT (SELECT count(*) FROM m), (SELECT coalesce(string_agg(seq::text, ' '), '') FROM "
                         "(SELECT seq FROM m ORDER BY seq DESC OFFSET $1::bigint LIMIT $2::bigint) p)";
        Outcome outcome(PQprepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr), PQclear);
        check(outcome.get());
        return name;
    }

    Answer ask(const Query& query) {
        std::vector<std::string> values{std::to_string(query.offset), std::to_string(query.count)};
        std::string all;
        std::vector<std::string> lists;
        for (const auto& words : clauses_of(query, dictionary_)) {
            if (words.find(' ') == std::string::npos) {
                all += words + " ";
            } else {
                lists.push_back(array_of(words));
            }
        }
        if (!all.empty()) values.push_back(array_of(all));
        values.insert(values.end(), lists.begin(), lists.end());
        std::string excluded;
        for (const auto& [code, rank] : query.plan.excluded) excluded += word_of(dictionary_, code, rank) + " ";
        if (!excluded.empty()) values.push_back(array_of(excluded));
        if (query.plan.from > 0) values.push_back(std::to_string(query.plan.from));
        std::vector<const char*> pointers;
        for (const auto& value : values) pointers.push_back(value.c_str());
        const auto& statement = prepared(!all.empty(), lists.size(), !excluded.empty(), query.plan.from > 0);
        const auto begin = std::chrono::steady_clock::now();
        const Outcome outcome(PQexecPrepared(connection_.get(), statement.c_str(), static_cast<int>(pointers.size()),
                                             pointers.data(), nullptr, nullptr, 0),
                              PQclear);
        const auto end = std::chrono::steady_clock::now();
        check(outcome.get());
        Answer answer{std::chrono::duration<double, std::micro>(end - begin).count(),
                      std::stoull(PQgetvalue(outcome.get(), 0, 0)),
                      {}};
        std::istringstream page(PQgetvalue(outcome.get(), 0, 1));
        for (std::uint64_t seq; page >> seq;) answer.page.push_back(seq);
        return answer;
    }

    Connection connection_;
    const index::Dictionary& dictionary_;
    std::map<std::string, std::string> statements_;
};

}  // namespace

std::unique_ptr<Engine> make_postgres(const std::string& connection, const index::Dictionary& dictionary) {
    return std::make_unique<Postgres>(connection, dictionary);
}

}  // namespace cvstroom::bench
