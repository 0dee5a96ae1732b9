# SPDX-License-Identifier: BSD-2-Clause
# make            build/anchorite.elf, what hosts load, and build/anchorite.debug, the same with symbols
# make run        starts it with a greeting, or with APP=... ARGS='...'
# make install    PREFIX=/usr/local, DESTDIR=: the tool, the kernel, HermitCore's library and compilers, man pages; make uninstall
# make check      all tests; make check T='guest hello' runs a part
# make check-xen  all tests under the real Xen, as its dom0 and as an ordinary guest
# make bench      the table of figures in README, measured beside Linux; make bench-readme puts it there
# make bench-xen  figures as a guest of the real Xen, beside Linux
# make prove      proves the modules of proofs/targets.toml; M=frame one of them; prove-readme: and README's table
# make coverage   what the unit tests run of the proved functions; make lies: how many lies a second they tell, N=10 times
# make proof-coverage    which functions are proved and which only compiled; L=1 names those
# make mutants    wrong versions of the proved functions, which the proofs must notice; M=frame as above, N=40 so many; mutants-readme
# make KEYS=a.pub,b.pub    public keys of minisign or signify that images have to be signed with; without them make makes a development key
# make VERIFY=off MIN_VERSION=N    a kernel that verifies nothing; one that refuses older images (spec/image.md)
# make V=1        shows the commands
# make fetch      gets HACL* (lib/hacl) into build/ from Debian's sources, as the first make does by itself
# make deps       installs what is missing (Debian)

CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD := build
Q     := $(if $(V),,@)
say   = @$(if $(V),:,echo '  $(1)')
MACHINE ?= microvm
MB ?= 64
KEYS        ?=
VERIFY      ?= on
MIN_VERSION ?= 0
ifeq ($(filter on off,$(VERIFY)),)
$(error VERIFY=$(VERIFY): want on or off)
endif

FOLDERS := lib x86 boot mm xen drivers kernel kernel/fs kernel/abi
SOURCES := $(sort $(foreach f,$(FOLDERS),$(wildcard $(f)/*.c $(f)/*.S)))
OBJECTS := $(SOURCES:%=$(BUILD)/%.o)
# Both are compiled, one is linked.
ADMIT   := $(BUILD)/kernel/image_admit.c.o
NO_ADMIT := $(BUILD)/kernel/image_unverified.c.o
KEYS_O  := $(BUILD)/gen/verify_keys.o
LINKED   = $(filter-out $(if $(filter off,$(VERIFY)),$(ADMIT),$(NO_ADMIT)),$(OBJECTS)) $(KEYS_O)
NAMES   := $(BUILD)/gen/syscall_names_generated.h

WARNINGS := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wvla -Wundef -Wpointer-arith
# No path of the machine gets into the image: it is the same wherever it is built.
CFLAGS := -std=gnu11 -Os -g $(WARNINGS) -ffreestanding -fno-builtin-printf -mgeneral-regs-only -mno-red-zone \
	-mcmodel=kernel -fno-pic -fno-pie -fno-strict-aliasing -fno-asynchronous-unwind-tables -ftrivial-auto-var-init=zero \
	-fstack-protector-strong -mstack-protector-guard=global -fcf-protection=none \
	-ffunction-sections -fdata-sections -ffile-prefix-map=$(CURDIR)=. -fdebug-prefix-map=$(CURDIR)=.
ifneq ($(findstring clang,$(CC)),)
CFLAGS += -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang -Wno-unused-command-line-argument
endif
CPPFLAGS := -I. -I$(BUILD)/gen -D__XEN_INTERFACE_VERSION__=0x00040e00
LDFLAGS  := -nostdlib -static -no-pie -Wl,-T,boot/kernel.lds -Wl,--build-id=none -Wl,-z,max-page-size=4096 \
	-Wl,--gc-sections -Wl,--no-warn-rwx-segments

.PHONY: all deps fetch install uninstall run check check-xen bench bench-readme bench-xen prove prove-readme proof-coverage coverage lies mutants mutants-readme clean format
all: $(BUILD)/anchorite.elf $(BUILD)/image_verify.so $(BUILD)/hermit/.made

deps:
	@./deps.sh build run check

$(BUILD)/.deps-%: deps.sh
	@./deps.sh $*
	@mkdir -p $(@D)
	@touch $@

$(NAMES): Makefile | $(BUILD)/.deps-build
	@mkdir -p $(@D)
	@echo '#include <asm/unistd_64.h>' | $(CC) -E -dM - | \
	    awk '$$2 ~ /^__NR_[a-z]/ { name[$$3] = substr($$2, 6); if ($$3 + 0 > last) last = $$3 + 0 } \
	    END { print "#define SYSCALL_NAMES_COUNT " last + 1 "u"; printf "#define SYSCALL_NAMES"; \
	    for (i = 0; i <= last; i++) printf " \\\n    \"%s\\0\"", name[i]; print "" }' > $@

$(BUILD)/%.o: % $(NAMES) Makefile
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# BLAKE2b for all CPUs, and for those with AVX2 (x86/blake2b.c takes one): its loops over four lanes become single instructions where
# nothing unrolls them before.
BLAKE2B_AVX2 := $(BUILD)/lib/blake2b_avx2.o
OBJECTS += $(BLAKE2B_AVX2)
$(BUILD)/lib/blake2b.c.o: CFLAGS += -O3 -Dblake2b_512=blake2b_512_plain
$(BLAKE2B_AVX2): lib/blake2b.c Makefile
	@mkdir -p $(@D)
	$(call say,CC $< for AVX2)
	$(Q)$(CC) $(CPPFLAGS) $(filter-out -mgeneral-regs-only,$(CFLAGS)) -O3 -mavx2 --param=max-completely-peel-times=1 \
	    -Dblake2b_512=blake2b_512_avx2 -MMD -MP -c $< -o $@

# HACL* is compiled with the kernel's flags, and with headers of our own in place of the C library's; host.a is the same for
# programs of this machine. Its two sources have headers of the same names. -w: the warnings of foreign code are its authors'.
# KRML_UNROLL_MAX: longer loops are not written out, which would make the kernel 16 KiB larger.
HACL    := $(BUILD)/hacl
HACL_C  := $(HACL)/nss/Hacl_Ed25519.c $(HACL)/nss/Hacl_Curve25519_51.c $(HACL)/python/Hacl_Hash_SHA2.c lib/hacl/sha512.c
HACL_O  := $(patsubst %.c,%.o,$(notdir $(HACL_C)))
OBJECTS += $(HACL_O:%=$(HACL)/kernel/%)
HACL_FLAGS      := $(filter-out -Os $(WARNINGS),$(CFLAGS)) -O2 -DKRML_UNROLL_MAX=8
HACL_HOST_FLAGS := -std=gnu11 -O2 -ffreestanding -fPIC -fno-strict-aliasing
hacl_source   = $(filter %/$*.c,$(HACL_C))
hacl_headers  = $(if $(findstring /nss/,$(hacl_source)),nss nss/karamel/include nss/karamel/krmllib/dist/minimal,python python/include)
hacl_compile  = $(CC) $(1) $(if $(filter lib/%,$(hacl_source)),$(WARNINGS),-w) -nostdinc -I. -isystem lib/hacl/include \
	-isystem $(shell $(CC) -print-file-name=include) $(hacl_headers:%=-isystem $(HACL)/%) -c $(hacl_source) -o $@

fetch: $(HACL)/.fetched

$(HACL)/.fetched: lib/hacl/fetch lib/hacl/files.sha256 | $(BUILD)/.deps-build
	@lib/hacl/fetch $(HACL)
	@touch $@

HACL_NEEDS := $(HACL)/.fetched lib/hacl/sha512.c $(wildcard lib/*.h lib/hacl/*.h lib/hacl/include/*.h) Makefile

$(HACL_O:%=$(HACL)/kernel/%): $(HACL)/kernel/%.o: $(HACL_NEEDS)
	@mkdir -p $(@D)
	$(call say,CC $(hacl_source))
	$(Q)$(call hacl_compile,$(HACL_FLAGS))

$(HACL_O:%=$(HACL)/host/%): $(HACL)/host/%.o: $(HACL_NEEDS)
	@mkdir -p $(@D)
	$(Q)$(call hacl_compile,$(HACL_HOST_FLAGS))

$(HACL)/host.a: $(HACL_O:%=$(HACL)/host/%)
	$(Q)rm -f $@ && ar rcD $@ $^

# The keys that images have to be signed with, and what else was asked for, in a file that changes only with them.
comma := ,
DEVELOPMENT := $(BUILD)/development
KEY_FILES   := $(or $(subst $(comma), ,$(KEYS)),$(DEVELOPMENT).pub)

.PHONY: settings
$(BUILD)/gen/settings: settings
	@mkdir -p $(@D)
	@echo '$(KEYS) $(VERIFY) $(MIN_VERSION)' | cmp -s - $@ || echo '$(KEYS) $(VERIFY) $(MIN_VERSION)' > $@

$(DEVELOPMENT).pub: | $(BUILD)/.deps-build
	@minisign -G -W -f -p $@ -s $(DEVELOPMENT).key > /dev/null

$(BUILD)/gen/verify_keys.c: boot/keys.py $(KEY_FILES) $(BUILD)/gen/settings
	@boot/keys.py $@ '$(MIN_VERSION)' $(if $(KEYS),own,development) $(KEY_FILES)

%/verify_keys.o: %/verify_keys.c kernel/image_verify.h $(NAMES)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

# What verifies, for this machine: boot/anchorite verify, and tests.
VERIFIER := $(addprefix kernel/,image.c image_text.c image_verify.c signed_comment.c) $(addprefix lib/,base64.c blake2b.c decimal.c ed25519.c)
$(BUILD)/image_verify.so: $(VERIFIER) $(wildcard kernel/*.h lib/*.h spec/*.acsl) $(HACL)/host.a
	$(call say,LD $@)
	$(Q)$(CC) -std=gnu11 -O2 $(WARNINGS) -fPIC -fno-strict-aliasing -shared -I. $(VERIFIER) $(HACL)/host.a -o $@

# The vDSO is code of the application's: kernel/vdso/ has its own flags, and becomes bytes of the kernel's image.
VDSO_FLAGS := -std=gnu11 -O2 $(WARNINGS) -ffreestanding -fPIC -fvisibility=hidden -mgeneral-regs-only -fno-strict-aliasing \
	-fno-asynchronous-unwind-tables -fno-stack-protector -fcf-protection=none -nostdlib -shared
VDSO_LDFLAGS := -Wl,-T,kernel/vdso/vdso.lds -Wl,--hash-style=both -Wl,--build-id=none -Wl,-z,max-page-size=4096 \
	-Wl,-soname,linux-vdso.so.1 -Wl,--strip-all

$(BUILD)/gen/vdso.so: $(wildcard kernel/vdso/*) drivers/clock_face.h lib/shm.h x86/cpu.h Makefile | $(BUILD)/.deps-build
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(CPPFLAGS) $(VDSO_FLAGS) $(VDSO_LDFLAGS) $(filter kernel/vdso/%.c kernel/vdso/%.S,$^) -o $@

$(BUILD)/kernel/vdso_image.S.o: $(BUILD)/gen/vdso.so

$(BUILD)/anchorite.debug: $(OBJECTS) $(KEYS_O) boot/kernel.lds $(BUILD)/gen/settings
	$(call say,LD $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(LINKED) -o $@

$(BUILD)/anchorite.elf: $(BUILD)/anchorite.debug
	$(Q)objcopy --strip-all $< $@

# A test's kernel: this one but for program_run (tests/xen/run.py).
$(BUILD)/tests/xen/%.elf: tests/xen/%/*.c tests/xen/%/*.h $(OBJECTS) $(KEYS_O) boot/kernel.lds
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(filter-out $(BUILD)/kernel/program.c.o $(NO_ADMIT),$(filter %.o %.c,$^)) -o $@

# This kernel with the keys that tests/qemu/signed.py wrote; and without any.
$(BUILD)/tests/keys/%.elf: $(BUILD)/tests/keys/%/verify_keys.o $(OBJECTS) boot/kernel.lds
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--strip-all $(filter-out $(NO_ADMIT),$(filter %.o,$^)) -o $@

$(BUILD)/tests/unverified.elf: $(OBJECTS) $(KEYS_O) boot/kernel.lds
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--strip-all $(filter-out $(ADMIT),$(filter %.o,$^)) -o $@

$(BUILD)/greeting: tests/apps/greeting.c | $(BUILD)/.deps-run
	@mkdir -p $(@D)
	$(Q)musl-gcc -O2 -static -Wall -Wextra -Werror $< -o $@

# HermitCore's library and compilers, for ring 3. build/hermit has the layout of a PREFIX: the compilers find the rest from where
# they are. The C library is glibc, as of the system's g++, gfortran and OpenMP.
HERMIT_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard hermit/*.c))
HERMIT_FLAGS   := -std=gnu11 -O2 $(WARNINGS) -fPIE -ffile-prefix-map=$(CURDIR)=. -I. -isystem hermit/include
COMPILERS      := x86_64-hermit-gcc x86_64-hermit-g++ x86_64-hermit-gfortran

$(BUILD)/hermit/%.o: hermit/%.c $(wildcard hermit/*.h hermit/include/*.h hermit/include/*/*.h) Makefile | $(BUILD)/.deps-build
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(CC) $(HERMIT_FLAGS) -c $< -o $@

$(BUILD)/hermit/.made: $(HERMIT_OBJECTS) hermit/x86_64-hermit-gcc
	$(call say,AR $(BUILD)/hermit/lib/anchorite/libhermit.a)
	$(Q)rm -rf $(BUILD)/hermit/bin $(BUILD)/hermit/lib && mkdir -p $(BUILD)/hermit/bin $(BUILD)/hermit/lib/anchorite
	$(Q)ar rcD $(BUILD)/hermit/lib/anchorite/libhermit.a $(HERMIT_OBJECTS)
	$(Q)cp -r hermit/include $(BUILD)/hermit/lib/anchorite/include
	$(Q)cp hermit/x86_64-hermit-gcc $(BUILD)/hermit/bin
	$(Q)for name in $(wordlist 2,3,$(COMPILERS)); do ln -s x86_64-hermit-gcc $(BUILD)/hermit/bin/$$name; done
	@touch $@

# The tool finds its modules and the kernel as in this tree: lib/anchorite is such a tree.
PREFIX  ?= /usr/local
PLACE    = $(DESTDIR)$(PREFIX)
LIBRARY  = $(PLACE)/lib/anchorite
MAN      = $(PLACE)/share/man/man1

install: all
	install -d "$(PLACE)/bin" "$(LIBRARY)/boot" "$(LIBRARY)/build" "$(LIBRARY)/include/hermit" "$(MAN)"
	install boot/anchorite "$(LIBRARY)/boot"
	install -m 644 boot/*.py "$(LIBRARY)/boot"
	install -m 644 $(BUILD)/anchorite.elf "$(LIBRARY)/build"
	install $(BUILD)/image_verify.so "$(LIBRARY)/build"
	$(if $(KEYS),,install -m 644 $(DEVELOPMENT).key $(DEVELOPMENT).pub "$(LIBRARY)/build")
	install -m 644 $(BUILD)/hermit/lib/anchorite/libhermit.a "$(LIBRARY)"
	install -m 644 hermit/include/*.h "$(LIBRARY)/include"
	install -m 644 hermit/include/hermit/*.h "$(LIBRARY)/include/hermit"
	ln -sf ../lib/anchorite/boot/anchorite "$(PLACE)/bin/anchorite"
	install hermit/x86_64-hermit-gcc "$(PLACE)/bin"
	install -m 644 boot/anchorite.1 hermit/x86_64-hermit-gcc.1 "$(MAN)"
	for name in $(wordlist 2,3,$(COMPILERS)); do ln -sf x86_64-hermit-gcc "$(PLACE)/bin/$$name"; \
	    ln -sf x86_64-hermit-gcc.1 "$(MAN)/$$name.1"; done

uninstall:
	rm -rf "$(LIBRARY)"
	for name in anchorite $(COMPILERS); do rm -f "$(PLACE)/bin/$$name" "$(MAN)/$$name.1"; done

run: $(BUILD)/anchorite.elf $(if $(APP),,$(BUILD)/greeting) | $(BUILD)/.deps-run
	@boot/anchorite run -M $(MACHINE) -m $(MB) $(if $(APP),$(APP),$(BUILD)/greeting) $(ARGS)

check: all | $(BUILD)/.deps-run $(BUILD)/.deps-check $(BUILD)/.deps-prove
	@tests/run $(T)

check-xen: all | $(BUILD)/.deps-run $(BUILD)/.deps-check $(BUILD)/.deps-xen
	@tests/run xen,domu

bench: all | $(BUILD)/.deps-run $(BUILD)/.deps-bench
	@tests/bench/run

prove: | $(BUILD)/.deps-prove
	@proofs/run $(M)

prove-readme: prove
	@tests/bench/readme "make prove" < $(BUILD)/proofs/table.md

proof-coverage:
	@proofs/coverage $(if $(L),--list)

coverage: | $(BUILD)/.deps-check
	@tests/coverage

lies: | $(BUILD)/.deps-check
	@tests/lies $(N)

mutants: | $(BUILD)/.deps-prove
	@proofs/mutants $(M) $(if $(N),--sample $(N))

mutants-readme: mutants
	@tests/bench/readme "make mutants" < $(BUILD)/mutants/table.md

bench-xen: $(BUILD)/anchorite.elf | $(BUILD)/.deps-run $(BUILD)/.deps-xen
	@tests/bench/xen

bench-readme: all | $(BUILD)/.deps-run $(BUILD)/.deps-bench
	@$(MAKE) -s --no-print-directory bench | tests/bench/readme "make bench"

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d)
