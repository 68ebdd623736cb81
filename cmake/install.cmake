# The installed package: find_package(mogul) gives the target mogul::mogul.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mogul)

# While the major version is 0, a minor version may break the interface.
set_target_properties(mogul PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
install(TARGETS mogul EXPORT mogulTargets)
install(DIRECTORY include/mogul TYPE INCLUDE)
install(FILES ${PROJECT_BINARY_DIR}/include/mogul/version.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mogul)
install(EXPORT mogulTargets NAMESPACE mogul:: DESTINATION ${package_dir})

configure_package_config_file(cmake/mogulConfig.cmake.in ${PROJECT_BINARY_DIR}/mogulConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mogulConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mogulConfig.cmake ${PROJECT_BINARY_DIR}/mogulConfigVersion.cmake
  DESTINATION ${package_dir})

install(FILES LICENSE README.md TYPE DOC)
