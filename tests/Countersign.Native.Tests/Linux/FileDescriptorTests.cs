using System.Text;

namespace Countersign.Native.Tests.Linux;

public sealed class FileDescriptorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_log_opened_for_append_survives_its_renaming_until_reopened()
    {
        var path = Path.Combine(_folder, "access.log");
        var log = FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append);
        FileDescriptor.Write(log, "one\n"u8).ShouldBe(4);
        FileDescriptor.Rename(path, path + ".1").ShouldBe(0);
        FileDescriptor.Write(log, "two\n"u8).ShouldBe(4);
        FileDescriptor.Status(log, out var opened).ShouldBe(0);
        FileDescriptor.Status(path + ".1", out var renamed).ShouldBe(0);
        (opened.Inode, opened.Device).ShouldBe((renamed.Inode, renamed.Device));
        opened.Size.ShouldBe(8);
        opened.IsRegular.ShouldBeTrue();
        FileDescriptor.Status(path, out _).ShouldBe(-Errno.NoEntry);
        FileDescriptor.Close(log).ShouldBe(0);
    }

    [Fact]
    public void A_full_disk_is_an_error_number()
    {
        var full = FileDescriptor.Open("/dev/full", OpenFlags.WriteOnly);
        FileDescriptor.Write(full, "x"u8).ShouldBe(-Errno.NoSpace);
        Errno.Text(Errno.NoSpace).ShouldBe("No space left on device");
        FileDescriptor.Close(full);
    }

    [Fact]
    public void Status_agrees_with_the_file_system()
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllBytes(path, new byte[12345]);
        var time = new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(path, time);
        FileDescriptor.Status(path, out var status).ShouldBe(0);
        status.Size.ShouldBe(12345);
        DateTimeOffset.FromUnixTimeSeconds(status.ModifiedSeconds).UtcDateTime.ShouldBe(time);
        FileDescriptor.Status(_folder, out var folder).ShouldBe(0);
        folder.IsFolder.ShouldBeTrue();
    }

    [Fact]
    public void A_file_is_sent_to_a_socket_from_an_offset()
    {
        var path = Path.Combine(_folder, "page");
        File.WriteAllText(path, "0123456789");
        var file = FileDescriptor.Open(path, OpenFlags.ReadOnly);
        Socket.OpenPair(out var first, out var second).ShouldBe(0);
        long offset = 3;
        FileDescriptor.SendTo(first, file, ref offset, 5).ShouldBe(5);
        offset.ShouldBe(8);
        var buffer = new byte[10];
        Socket.Receive(second, buffer).ShouldBe(5);
        Encoding.ASCII.GetString(buffer, 0, 5).ShouldBe("34567");
        FileDescriptor.ReadAt(file, buffer, 8).ShouldBe(2);
        SocketTests.Close(first, second);
        FileDescriptor.Close(file);
    }

    [Fact]
    public void A_path_with_a_NUL_is_refused() =>
        Should.Throw<ArgumentException>(() => FileDescriptor.Open("/etc/passwd\0.html", OpenFlags.ReadOnly));
}
