// Looks for bytes in every file of a folder, as somebody would who gets hold of the disk.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace cvstroom::test {

// The files under `folder`, whatever they are called, that hold any of the pieces.
inline std::vector<std::string> files_with(const std::filesystem::path& folder,
                                           const std::vector<std::string>& pieces) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream input(entry.path(), std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(input), {}};
        for (const auto& piece : pieces) {
            if (content.find(piece) == std::string::npos) continue;
            found.push_back(entry.path().filename().string());
            break;
        }
    }
    return found;
}

// Pieces of `bytes`, short enough to lie within a page of a database, at many places.
inline std::vector<std::string> pieces_of(const std::string& bytes, std::size_t length = 24) {
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at + length <= bytes.size(); at += length) pieces.push_back(bytes.substr(at, length));
    return pieces;
}

}  // namespace cvstroom::test
