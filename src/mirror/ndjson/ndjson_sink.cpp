#include "mirror/ndjson/ndjson_sink.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "mirror/file_lock.hpp"

namespace cvstroom::mirror {
namespace {

constexpr std::string_view unresolved_prefix = "unresolved ";

// {"cvId":…,"versie":…,"gewijzigdOp":…,"cv":{…}}, and "digest" where versions are counted here.
std::string line_of(const Put& put) {
    std::string line;
    JsonWriter json(line);
    json.begin_object().member("cvId", put.cv).member("versie", static_cast<std::int64_t>(put.version));
    if (!put.changed_at.empty()) json.member("gewijzigdOp", put.changed_at);
    if (put.digest) json.member("digest", to_hex(*put.digest));
    // A newline between a document's members, which JSON allows, would break the line.
    std::string document = put.json;
    std::replace(document.begin(), document.end(), '\n', ' ');
    std::replace(document.begin(), document.end(), '\r', ' ');
    json.key("cv").raw(document).end_object();
    return line + "\n";
}

// Pre: a line as line_of() makes them.
std::string with_unknown_version(std::string_view line) {
    constexpr std::string_view member = "\"versie\":";
    const auto begin = line.find(member) + member.size();
    const auto end = line.find_first_not_of("0123456789", begin);
    return std::string(line.substr(0, begin)) + std::to_string(unknown_version) + std::string(line.substr(end));
}

std::optional<DocumentDigest> digest_from(std::string_view hex) {
    DocumentDigest digest{};
    if (hex.size() != 2 * digest.size()) return std::nullopt;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::uint8_t>(std::stoul(std::string(hex.substr(2 * i, 2)), nullptr, 16));
    }
    return digest;
}

class NdjsonSink final : public Sink {
  public:
    NdjsonSink(const std::filesystem::path& folder, Access access, FileLock lock, const BucketFiles::SyncFolder& sync)
        : folder_(folder), lock_(std::move(lock)), sync_(sync), files_(folder, access == Access::read_write, sync) {
        load();
    }

    Result<State> state() override {
        return guarded([&]() -> Result<State> { return state_; });
    }
    Result<std::uint64_t> count() override {
        return guarded([&]() -> Result<std::uint64_t> { return index_.size(); });
    }

    Result<Applied> apply(const Batch& batch) override {
        return guarded([&]() -> Result<Applied> {
            Plan plan = make_plan(batch);
            auto unresolved = unresolved_;
            for (const auto& each : batch.unresolved) unresolved[each.cv] = each.reason;
            for (const auto& cv : batch.resolved) unresolved.erase(cv);
            auto members = to_members(batch.state);
            for (const auto& [cv, reason] : unresolved)
                members.emplace_back(std::string(unresolved_prefix) + cv.to_string(), reason);
            commit(plan, std::move(members));
            for (const auto& cv : plan.removed) index_.erase(cv);
            for (const auto* put : plan.stored)
                index_[put->cv] = {put->cv, put->version, batch.state.generation, put->digest};
            for (const auto& cv : plan.marked) index_[cv].generation = batch.state.generation;
            for (const auto& cv : plan.distrusted) index_[cv].version = unknown_version;
            unresolved_ = std::move(unresolved);
            state_ = batch.state;
            return plan.applied;
        });
    }

    Result<std::vector<Held>> held(std::span<const Uuid> cvs) override {
        return guarded([&]() -> Result<std::vector<Held>> {
            std::vector<Held> found;
            for (const auto& cv : cvs) {
                const auto place = index_.find(cv);
                if (place != index_.end()) found.push_back(place->second);
            }
            return found;
        });
    }

    Result<void> visit(const std::function<void(const Held&)>& visitor) override {
        return guarded([&]() -> Result<void> {
            for (const auto& [cv, held] : index_) visitor(held);
            return {};
        });
    }

    Result<std::optional<std::string>> document(const Uuid& cv) override {
        return guarded([&]() -> Result<std::optional<std::string>> {
            std::optional<std::string> found;
            const std::string start = "{\"cvId\":\"" + cv.to_string() + "\"";
            files_.each_line(cv.bytes[0], [&](std::string_view line) {
                const auto at = line.find(",\"cv\":");
                if (line.starts_with(start) && at != std::string_view::npos)
                    found = line.substr(at + 6, line.size() - at - 8);
            });
            return found;
        });
    }

    Result<std::vector<Unresolved>> unresolved() override {
        return guarded([&]() -> Result<std::vector<Unresolved>> {
            std::vector<Unresolved> list;
            for (const auto& [cv, reason] : unresolved_) list.push_back({cv, reason});
            return list;
        });
    }

  private:
    struct Plan {
        std::vector<const Put*> stored;
        std::set<Uuid> replaced;  // of these an older line stands in the files
        std::set<Uuid> removed;
        std::set<Uuid> distrusted;  // marked, with a version that says nothing any more
        std::vector<Uuid> marked;
        Applied applied;
    };

    // Runs `work` on what the folder holds. Its exceptions of this room become Errors.
    template <typename Work>
    auto guarded(const Work& work) -> decltype(work()) {
        try {
            if (!files_.is_certain() || !is_loaded_) reload();
            return work();
        } catch (const NdjsonFault& fault) {
            return fail(fault.code(), fault.what());
        } catch (const std::filesystem::filesystem_error& fault) {
            return fail(ErrorCode::io, fault.what());
        }
    }

    // Pre: opened read_write, as nobody else commits.
    void reload() {
        is_loaded_ = false;
        files_ = BucketFiles(folder_, true, sync_);
        index_.clear();
        unresolved_.clear();
        load();
    }

    void load() {
        BucketFiles::Members members;
        for (const auto& [name, value] : files_.members()) {
            if (!name.starts_with(unresolved_prefix)) {
                members.emplace_back(name, value);
            } else if (const auto cv = Uuid::parse(name.substr(unresolved_prefix.size()))) {
                unresolved_[*cv] = value;
            }
        }
        auto state = state_from_members(members);
        if (!state) throw NdjsonFault(state.error().code, to_string(state.error()));
        state_ = std::move(*state);
        const bool is_distrusted =
            state_.phase == Phase::listing && state_.trusted_generation == state_.generation && state_.generation > 0;
        // Which rows an interrupted listing had seen is not known any more; the first one has seen all there are.
        if (state_.phase == Phase::listing && state_.generation > 1) state_.phase = Phase::fresh;
        const auto generation = state_.generation - (is_distrusted ? 1 : 0);
        for (std::size_t i = 0; i < BucketFiles::bucket_count; ++i) {
            files_.each_line(i, [&](std::string_view line) { read_line(line, generation); });
        }
        is_loaded_ = true;
    }

    void read_line(std::string_view line, std::uint64_t generation) {
        simdjson::dom::object object;
        std::string_view id_text;
        Held held;
        const bool is_read = parser_.parse(line.data(), line.size()).get(object) == simdjson::SUCCESS &&
                             object["cvId"].get(id_text) == simdjson::SUCCESS &&
                             object["versie"].get(held.version) == simdjson::SUCCESS;
        const auto cv = is_read ? Uuid::parse(id_text) : std::nullopt;
        if (!cv)
            throw NdjsonFault(ErrorCode::corrupt,
                              folder_.string() + ": a line cannot be read; mirror into a new folder");
        std::string_view digest;
        if (object["digest"].get(digest) == simdjson::SUCCESS) held.digest = digest_from(digest);
        held.cv = *cv;
        held.generation = generation;
        index_[*cv] = held;
    }

    Plan make_plan(const Batch& batch) const {
        Plan plan;
        const auto is_trusted = [&](const Held& held) { return held.generation >= batch.state.trusted_generation; };
        for (const auto& put : batch.puts) {
            const auto place = index_.find(put.cv);
            if (place == index_.end()) {
                plan.stored.push_back(&put);
                ++plan.applied.created;
            } else if (is_trusted(place->second) && place->second.version >= put.version && !put.is_repair) {
                plan.marked.push_back(put.cv);
            } else {
                plan.stored.push_back(&put);
                plan.replaced.insert(put.cv);
                ++plan.applied.updated;
            }
        }
        for (const auto& removal : batch.removals) {
            const auto place = index_.find(removal.cv);
            if (place == index_.end() || (is_trusted(place->second) && place->second.version > removal.version))
                continue;
            plan.removed.insert(removal.cv);
        }
        for (const auto& cv : batch.marks) {
            const auto place = index_.find(cv);
            if (place == index_.end()) continue;
            plan.marked.push_back(cv);
            if (!is_trusted(place->second)) plan.distrusted.insert(cv);
        }
        if (batch.is_end_of_listing) add_unseen(batch, plan);
        plan.applied.removed = plan.removed.size();
        return plan;
    }

    void add_unseen(const Batch& batch, Plan& plan) const {
        std::set<Uuid> seen(plan.marked.begin(), plan.marked.end());
        for (const auto* put : plan.stored) seen.insert(put->cv);
        for (const auto& [cv, held] : index_) {
            if (held.generation < batch.state.generation && !seen.contains(cv)) plan.removed.insert(cv);
        }
    }

    void commit(const Plan& plan, BucketFiles::Members members) {
        std::map<std::size_t, std::set<Uuid>> gone;  // by bucket: whose lines go
        for (const auto* ids : {&plan.removed, &plan.replaced, &plan.distrusted}) {
            for (const auto& cv : *ids) gone[cv.bytes[0]].insert(cv);
        }
        std::map<std::size_t, std::vector<const Put*>> stored;
        for (const auto* put : plan.stored) stored[put->cv.bytes[0]].push_back(put);
        std::set<std::size_t> changed;
        for (const auto& [bucket, ids] : gone) changed.insert(bucket);
        for (const auto& [bucket, puts] : stored) changed.insert(bucket);
        const auto change_of = [&](std::size_t bucket) {
            BucketFiles::Change change;
            if (const auto ids = gone.find(bucket); ids != gone.end()) {
                change.is_rewritten = true;
                files_.each_line(bucket, [&](std::string_view line) {
                    const auto cv = Uuid::parse(line.substr(9, 36));
                    if (!cv || !ids->second.contains(*cv)) {
                        change.appended += line;
                    } else if (plan.distrusted.contains(*cv)) {
                        change.appended += with_unknown_version(line);
                    }
                });
            }
            for (const auto* put : stored[bucket]) change.appended += line_of(*put);
            return change;
        };
        files_.commit(changed, change_of, std::move(members));
    }

    std::filesystem::path folder_;
    FileLock lock_;
    BucketFiles::SyncFolder sync_;
    BucketFiles files_;
    bool is_loaded_ = false;  // whether state_, index_ and unresolved_ are what files_ holds
    State state_;
    std::map<Uuid, Held> index_;
    std::map<Uuid, std::string> unresolved_;
    simdjson::dom::parser parser_;
};

}  // namespace

Result<std::unique_ptr<Sink>> open_ndjson_sink(const std::filesystem::path& folder, Access access,
                                               const BucketFiles::SyncFolder& sync) {
    FileLock lock;
    std::error_code error;
    if (access == Access::read_write) {
        std::filesystem::create_directories(folder, error);
        auto taken = FileLock::take(folder / "lock");
        if (!taken) return tl::unexpected(taken.error());
        lock = std::move(*taken);
    } else if (!std::filesystem::exists(folder / "state.json", error)) {
        return fail(ErrorCode::not_found, "there is no copy here yet; 'cvstroom mirror' makes one", folder.string());
    }
    try {
        return std::make_unique<NdjsonSink>(folder, access, std::move(lock), sync);
    } catch (const NdjsonFault& fault) {
        return fail(fault.code(), fault.what());
    } catch (const std::filesystem::filesystem_error& fault) {
        return fail(ErrorCode::io, fault.what());
    }
}

}  // namespace cvstroom::mirror
