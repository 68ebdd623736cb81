// The table of signatures: see the header.
#include "io/file_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "io/gzip.hpp"
#include "io/npy/npy.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view format;
  std::string_view remedy;
};

constexpr std::string_view kExport = "save the table as CSV or NPY";
constexpr std::string_view kMatlab = "save the rows as text: writematrix(rows, 'rows.csv')";
constexpr std::string_view kR = "save the rows as text in R: write.csv(rows, 'rows.csv', row.names = FALSE)";
constexpr std::string_view kPicture = "save the numbers as CSV or NPY, one row per pixel";
constexpr std::string_view kNetcdf = "save the table as CSV or NPY, as with xarray";

// The first that matches counts.
constexpr Signature kSignatures[] = {
    // packed
    {0, "\xFD\x37zXZ\0"sv, "an xz file", "unpack it: xz -dc FILE"},
    {0, "BZh"sv, "a bzip2 file", "unpack it: bzip2 -dc FILE"},
    {0, "\x28\xB5\x2F\xFD"sv, "a zstd file", "unpack it: zstd -dc FILE"},
    {0, "\x04\x22\x4D\x18"sv, "an lz4 file", "unpack it: lz4 -dc FILE"},
    {0, "\x1F\x9D"sv, "a file of compress", "unpack it: gzip -dc FILE"},
    {0, "LZIP\x01"sv, "an lzip file", "unpack it: lzip -dc FILE"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive", "unpack it first"},
    {0, "Rar!\x1A\x07"sv, "a RAR archive", "unpack it first"},
    {257, "ustar"sv, "a tar archive", "unpack it: tar -xf FILE"},
    // tables and arrays
    {0, "PAR1"sv, "a Parquet file", "save it as CSV: pandas.read_parquet(FILE).to_csv('rows.csv', index=False)"},
    {0, "PARE"sv, "an encrypted Parquet file", kExport},
    {0, "ARROW1"sv, "an Arrow or Feather file",
     "save it as CSV: pandas.read_feather(FILE).to_csv('rows.csv', index=False)"},
    {0, "FEA1"sv, "a Feather file", "save it as CSV: pandas.read_feather(FILE).to_csv('rows.csv', index=False)"},
    {0, "\xFF\xFF\xFF\xFF"sv, "an Arrow stream", kExport},
    {0, "Obj\x01"sv, "an Avro file", kExport},
    {0, "ORC"sv, "an ORC file", "save it as CSV: pandas.read_orc(FILE).to_csv('rows.csv', index=False)"},
    {0, "\x89HDF\r\n\x1A\n"sv, "an HDF5 file", "save the table as CSV or NPY, as with h5py or pandas.read_hdf"},
    {0, "\x0E\x03\x13\x01"sv, "an HDF4 file", kExport},
    {0, "CDF\x01"sv, "a NetCDF file", kNetcdf},
    {0, "CDF\x02"sv, "a NetCDF file", kNetcdf},
    {0, "CDF\x05"sv, "a NetCDF file", kNetcdf},
    {0, "SIMPLE  ="sv, "a FITS file", "save the table as CSV: astropy.table.Table.read(FILE).write('rows.csv')"},
    {0, "MATLAB 5.0 MAT-file"sv, "a MATLAB file", kMatlab},
    {0, "MATLAB 7.3 MAT-file"sv, "a MATLAB file", kMatlab},
    {0, "X\n\0\0\0"sv, "an R data file", kR},
    {0, "RDX"sv, "an R data file", kR},
    {0, "RDA2\n"sv, "an R data file", kR},
    {0, "RDA3\n"sv, "an R data file", kR},
    {0, "$FL2"sv, "an SPSS file", kExport},
    {0, "$FL3"sv, "an SPSS file", kExport},
    {0, "<stata_dta>"sv, "a Stata file", kExport},
    {0, "HEADER RECORD*******LIB"sv, "a SAS transport file", kExport},
    {12, "\xC2\xEA\x81\x60\xB3\x14\x11\xCF"sv, "a SAS file", kExport},
    {0, "SQLite format 3\0"sv, "an SQLite database",
     "save a table as CSV: sqlite3 -header -csv FILE 'SELECT * FROM ...'"},
    {0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an old Office file, as .xls files are", "save the sheet as CSV"},
    {0, "x\x9C"sv, "a zlib stream, as joblib writes", "save the rows as NPY: numpy.save('rows.npy', rows)"},
    {0, "x\xDA"sv, "a zlib stream, as joblib writes", "save the rows as NPY: numpy.save('rows.npy', rows)"},
    // documents and pictures
    {0, "%PDF-"sv, "a PDF document", kExport},
    {0, "{\\rtf"sv, "an RTF document", "save the table as plain text"},
    {0, "<?xml"sv, "an XML document", kExport},
    {0, "<!DOCTYPE"sv, "an HTML page", "save the table as CSV; is it the page of an error or of a login?"},
    {0, "<!doctype"sv, "an HTML page", "save the table as CSV; is it the page of an error or of a login?"},
    {0, "<html"sv, "an HTML page", "save the table as CSV; is it the page of an error or of a login?"},
    {0, "version https://git-lfs"sv, "a pointer of Git LFS", "get the file itself: git lfs pull"},
    {0, "\x89PNG\r\n"sv, "a PNG picture", kPicture},
    {0, "\xFF\xD8\xFF"sv, "a JPEG picture", kPicture},
    {0, "GIF8"sv, "a GIF picture", kPicture},
    {0, "II*\0"sv, "a TIFF picture", kPicture},
    {0, "MM\0*"sv, "a TIFF picture", kPicture},
    {0,
     "\x7F"
     "ELF"sv,
     "a program", kExport},
};

// A zip archive says by its first member what it is.
Signature describe_zip(std::string_view bytes) {
  constexpr std::size_t kSizeAt = 26;  // of the first member's name, in the local file header
  constexpr std::size_t kNameAt = 30;
  std::string_view member;
  if (bytes.size() > kNameAt) {
    const std::size_t size =
        static_cast<unsigned char>(bytes[kSizeAt]) + 256 * static_cast<unsigned char>(bytes[kSizeAt + 1]);
    member = bytes.substr(kNameAt, size);
  }
  if (member.ends_with(".npy")) {
    return {0, {}, "an .npz archive", "save one array: numpy.save('rows.npy', numpy.load(FILE)['...'])"};
  }
  for (const std::string_view part : {"[Content_Types]", "xl/", "_rels/", "docProps/"}) {
    if (member.starts_with(part)) return {0, {}, "an Excel workbook or another Office file", "save the sheet as CSV"};
  }
  if (member.starts_with("mimetype")) return {0, {}, "an OpenDocument file", "save the sheet as CSV"};
  if (member.ends_with("/data.pkl"))
    return {0, {}, "a PyTorch file", "save the rows as NPY: numpy.save('rows.npy', rows)"};
  return {0, {}, "a zip archive, as .zip, .npz and .xlsx files are", "unpack it, or save the table as CSV"};
}

// NumPy's pickles and those of others from protocol 2 on; no text begins with 0x80.
bool is_pickle(std::string_view bytes) {
  return bytes.size() > 1 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5;
}

constexpr Signature kUtf16{0, {}, "text in UTF-16", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"};
constexpr Signature kUtf32{0, {}, "text in UTF-32", "save it as UTF-8: iconv -f UTF-32 -t UTF-8 FILE"};
constexpr Signature kPickle{
    0, {}, "a Python pickle", "open it in Python and save the rows: numpy.save('rows.npy', rows)"};

// Every second byte zero, as Latin letters and digits are in UTF-16 without a byte order mark.
bool looks_like_utf16(std::string_view bytes) {
  constexpr std::size_t kLook = 64;
  const std::size_t size = std::min(bytes.size(), kLook) / 2 * 2;
  if (size < 4) return false;
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < size; ++i) zeros[i % 2] += bytes[i] == '\0' ? 1 : 0;
  return (zeros[0] == 0 && zeros[1] == size / 2) || (zeros[1] == 0 && zeros[0] == size / 2);
}

bool is_control(unsigned char c) { return c < 0x20 && !(c >= '\t' && c <= '\r'); }

// No text has zero bytes, or more than one control character and as many as one in 16.
bool looks_binary(std::string_view bytes) {
  constexpr std::size_t kLook = 1024;
  bytes = bytes.substr(0, kLook);
  if (bytes.find('\0') != std::string_view::npos) return true;
  const auto n_controls = static_cast<std::size_t>(std::ranges::count_if(bytes, is_control));
  return n_controls > 1 && 16 * n_controls > bytes.size();
}

std::string_view skip_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// An object, or an array of anything but names in brackets.
bool is_json(std::string_view text) {
  text = skip_blanks(without_byte_order_mark(text));
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return false;
  const char open = text[0];
  text = skip_blanks(text.substr(1));
  if (text.empty()) return false;
  if (open == '{') return text[0] == '"' || text[0] == '}';
  if (std::string_view("[{\"]").find(text[0]) != std::string_view::npos) return true;
  const std::size_t after_numbers = text.find_first_not_of("+-.0123456789eE, \t\r\n");
  return after_numbers != 0 && (after_numbers == std::string_view::npos || text[after_numbers] == ']');
}

// Letters and digits may be the first name of a header as well: "PAR1,PAR2". Then a control character has to follow.
bool matches(const Signature& signature, std::string_view bytes) {
  constexpr std::size_t kLook = 256;
  if (bytes.size() <= signature.offset || !bytes.substr(signature.offset).starts_with(signature.bytes)) return false;
  const bool may_be_a_name = signature.offset == 0 && std::ranges::all_of(signature.bytes, [](unsigned char c) {
                               return std::isalnum(c) != 0 || c >= 0x80;
                             });
  return !may_be_a_name || std::ranges::any_of(bytes.substr(0, kLook), is_control);
}

[[noreturn]] void refuse(const std::string& name, const Signature& found) {
  throw invalid_data(fmt::format("{}: {}; {}", name, found.format, found.remedy));
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.substr(text.starts_with(kMark) ? kMark.size() : 0);
}

void refuse_other_formats(std::string_view bytes, const std::string& name) {
  if (is_npy(bytes) || is_gzip(bytes)) return;
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) refuse(name, describe_zip(bytes));
  if (is_pickle(bytes)) refuse(name, kPickle);
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) refuse(name, kUtf32);
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") || looks_like_utf16(bytes)) refuse(name, kUtf16);
  const std::string_view text = without_byte_order_mark(bytes);
  for (const Signature& signature : kSignatures) {
    if (matches(signature, text)) refuse(name, signature);
  }
  if (!looks_binary(bytes)) return;
  const std::span first(reinterpret_cast<const unsigned char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 8));
  throw invalid_data(fmt::format("{}: neither text nor NPY (it begins with the bytes {:02x}); {}", name,
                                 fmt::join(first, " "), kExport));
}

void require_table(std::string_view bytes, const std::string& name) {
  refuse_other_formats(bytes, name);
  if (!is_json(bytes)) return;
  constexpr std::size_t kLook = 4096;
  const std::string_view start = bytes.substr(0, kLook);
  if (start.find("mogul-model/") != std::string_view::npos) {
    throw invalid_data(name + ": a model file, not rows; are the model and the data swapped?");
  }
  const bool one_per_line = start.find("\n{") != std::string_view::npos && skip_blanks(start).starts_with('{');
  throw invalid_data(
      fmt::format("{}: JSON{}; must be CSV, TSV or NPY, as pandas writes it: "
                  "pandas.read_json(FILE{}).to_csv('rows.csv', index=False)",
                  name, one_per_line ? " lines" : "", one_per_line ? ", lines=True" : ""));
}

void require_json(std::string_view bytes, const std::string& name) {
  refuse_other_formats(bytes, name);
  const std::string_view text = skip_blanks(without_byte_order_mark(bytes));
  if (text.empty() || text[0] == '{' || text[0] == '[') return;
  throw invalid_data(fmt::format(
      "{}: {}, not a model file, which is JSON that `mogul fit -o` writes; are the model and the data swapped?", name,
      is_npy(bytes) ? "NPY rows" : "text that looks like rows"));
}

}  // namespace mogul
