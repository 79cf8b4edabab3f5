# The texts of the window in the resources of vl_ui; `update-translations` brings what the sources
# say into resources/translations/*.ts. Debian's CMake files for this want all of Qt's tools.
find_program(VL_LRELEASE lrelease HINTS ${QT6_INSTALL_PREFIX}/${QT6_INSTALL_BINS} REQUIRED)
find_program(VL_LUPDATE lupdate HINTS ${QT6_INSTALL_PREFIX}/${QT6_INSTALL_BINS} REQUIRED)

set(texts ${CMAKE_SOURCE_DIR}/resources/translations)
set(compiled)
foreach(language en zh_CN)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/vl2-desk_${language}.qm)
  add_custom_command(
    OUTPUT ${file}
    COMMAND ${VL_LRELEASE} -silent ${texts}/vl2-desk_${language}.ts -qm ${file}
    DEPENDS ${texts}/vl2-desk_${language}.ts
    VERBATIM)
  list(APPEND compiled ${file})
endforeach()
qt_add_resources(vl_ui translations PREFIX /translations BASE ${CMAKE_CURRENT_BINARY_DIR}
                                    FILES ${compiled})

set(lupdate_options -silent -no-obsolete -locations none -I ${CMAKE_SOURCE_DIR}
                    ${CMAKE_SOURCE_DIR}/ui ${CMAKE_SOURCE_DIR}/app/desktop)
add_custom_target(
  update-translations
  COMMAND ${VL_LUPDATE} ${lupdate_options} -ts ${texts}/vl2-desk_zh_CN.ts
  COMMAND ${VL_LUPDATE} ${lupdate_options} -pluralonly -ts ${texts}/vl2-desk_en.ts
  VERBATIM)
