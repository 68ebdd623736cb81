#include "house/elf_file.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>
#include <iterator>

namespace mogul::house {
namespace {

template <typename T>
T at(const std::string& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.substr(offset, sizeof(T)).c_str(), sizeof(T));
  return value;
}

/// The place in the file of what is loaded at an address.
std::size_t file_offset(const std::vector<ElfW(Phdr)>& segments, ElfW(Addr) address) {
  for (const ElfW(Phdr) & segment : segments) {
    if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address < segment.p_vaddr + segment.p_filesz) {
      return segment.p_offset + (address - segment.p_vaddr);
    }
  }
  return 0;
}

std::vector<ElfW(Dyn)> dynamic_entries(const std::string& bytes, const std::vector<ElfW(Phdr)>& segments) {
  std::vector<ElfW(Dyn)> entries;
  for (const ElfW(Phdr) & segment : segments) {
    if (segment.p_type != PT_DYNAMIC) continue;
    for (std::size_t i = 0; i < segment.p_filesz; i += sizeof(ElfW(Dyn))) {
      entries.push_back(at<ElfW(Dyn)>(bytes, segment.p_offset + i));
    }
  }
  return entries;
}

}  // namespace

std::optional<ElfFile> read_elf_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const char word_size = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
  if (!bytes.starts_with(ELFMAG) || bytes[EI_CLASS] != word_size) return std::nullopt;
  const auto header = at<ElfW(Ehdr)>(bytes, 0);
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) return std::nullopt;

  std::vector<ElfW(Phdr)> segments;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    segments.push_back(at<ElfW(Phdr)>(bytes, header.e_phoff + i * header.e_phentsize));
  }
  const std::vector<ElfW(Dyn)> entries = dynamic_entries(bytes, segments);
  std::size_t strings = 0;
  for (const ElfW(Dyn) & entry : entries) {
    if (entry.d_tag == DT_STRTAB) strings = file_offset(segments, entry.d_un.d_ptr);
  }
  ElfFile file;
  file.is_position_independent = header.e_type == ET_DYN;
  for (const ElfW(Phdr) & segment : segments) file.has_relro |= segment.p_type == PT_GNU_RELRO;
  for (const ElfW(Dyn) & entry : entries) {
    if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH) {
      file.run_paths.emplace_back(bytes.c_str() + strings + entry.d_un.d_val);
    }
    file.binds_now |= entry.d_tag == DT_BIND_NOW ||
                      (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_BIND_NOW) != 0) ||
                      (entry.d_tag == DT_FLAGS_1 && (entry.d_un.d_val & DF_1_NOW) != 0);
  }
  return file;
}

std::vector<std::string> unsafe_entries(const std::string& run_path) {
  std::vector<std::string> unsafe;
  for (std::size_t begin = 0; begin <= run_path.size();) {
    const std::size_t end = std::min(run_path.find(':', begin), run_path.size());
    const std::string entry = run_path.substr(begin, end - begin);
    const bool from_origin = entry == "$ORIGIN" || entry.starts_with("$ORIGIN/");
    if (!entry.starts_with('/') && !from_origin) unsafe.push_back(entry);
    begin = end + 1;
  }
  return unsafe;
}

}  // namespace mogul::house
