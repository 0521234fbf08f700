using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Countersign.Native.Tests.Linux;

/// <summary>
/// The numbers and layouts that the bindings state, held against the headers of every C library and processor they are for:
/// a C program of static assertions is compiled, not run, so that one machine speaks for all of them.
/// </summary>
public sealed class LayoutTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <grp.h>
        #include <netinet/in.h>
        #include <netinet/tcp.h>
        #include <pwd.h>
        #include <sched.h>
        #include <signal.h>
        #include <stddef.h>
        #include <stdint.h>
        #include <sys/epoll.h>
        #include <sys/eventfd.h>
        #include <sys/timerfd.h>
        #include <sys/resource.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/types.h>
        #include <sys/uio.h>
        #include <sys/un.h>

        """;

    /// <summary>What the headers of the C library lack or hide; these files speak for the kernel.</summary>
    private const string KernelHeaders = """
        #include <linux/capability.h>
        #include <linux/prctl.h>
        #include <linux/stat.h>
        #include <stddef.h>

        """;

    [Theory]
    [InlineData("x86_64-linux-gnu-gcc", Architecture.X64)]
    [InlineData("aarch64-linux-gnu-gcc", Architecture.Arm64)]
    [InlineData("musl-gcc", null)]
    public async Task Numbers_and_layouts_are_those_of_the_C_headers(string compiler, Architecture? processor)
    {
        var claims = LayoutClaims.OfTheLibrary(processor ?? RuntimeInformation.ProcessArchitecture);

        (await Compile(compiler, Headers, claims)).ShouldBe("");
    }

    [Theory]
    [InlineData("x86_64-linux-gnu-gcc")]
    [InlineData("aarch64-linux-gnu-gcc")]
    public async Task Numbers_and_layouts_are_those_of_the_kernels_headers(string compiler) =>
        (await Compile(compiler, KernelHeaders, LayoutClaims.OfTheKernel())).ShouldBe("");

    /// <summary>Without this the two above could pass by compiling nothing.</summary>
    [Fact]
    public async Task A_wrong_number_is_noticed() =>
        (await Compile("gcc", Headers, [("EAGAIN", Errno.Again + 1)])).ShouldContain("EAGAIN");

    private static async Task<string> Compile(string compiler, string headers, IEnumerable<(string C, long Ours)> claims)
    {
        var program = new StringBuilder(headers);
        foreach (var (c, ours) in claims)
        {
            program.Append(CultureInfo.InvariantCulture, $"_Static_assert(({c}) == {ours}, \"{c} is not {ours}\");\n");
        }
        using var folder = new TemporaryFolder();
        var file = folder.Write("claims.c", program.ToString());
        return (await CommandLine.Run(compiler, ["-std=c11", "-fsyntax-only", "-w", file])).Both;
    }
}
