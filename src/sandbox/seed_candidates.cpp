#include "sandbox/seed_candidates.hpp"

#include <fstream>
#include <utility>

namespace cvstroom::sandbox {

Result<std::vector<std::string>> load_seed_candidates(const std::filesystem::path& data) {
    const auto file = data / "seed_candidates.ndjson";
    std::error_code ignored;  // what goes wrong here goes wrong again, with more to say, at the open
    if (!std::filesystem::exists(file, ignored)) return fail(ErrorCode::not_found, "no such file", file.string());
    std::ifstream stream(file, std::ios::binary);
    std::vector<std::string> documents;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty()) documents.push_back(std::move(line));
    }
    if (!stream.is_open() || stream.bad()) return fail(ErrorCode::io, "cannot be read", file.string());
    return documents;
}

}  // namespace cvstroom::sandbox
