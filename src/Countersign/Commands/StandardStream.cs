using Countersign.Native;

namespace Countersign.Commands;

/// <summary>
/// Standard output or standard error. The runtime's own streams throw what no command expects when a disk is full or a descriptor closed,
/// and never tell that the reader of a pipe is gone.
/// </summary>
internal sealed class StandardStream : Stream
{
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;

    private readonly int _descriptor;

    private StandardStream(int descriptor) => _descriptor = descriptor;

    public static Stream Output => new StandardStream(OutputDescriptor);

    /// <summary>The reader of standard output is gone: <c>countersign tail | head</c>.</summary>
    public static bool IsOutputUnread { get; private set; }

    /// <summary>What the console writes goes this way from now on.</summary>
    public static void Install()
    {
        Console.SetOut(Writer(OutputDescriptor));
        Console.SetError(Writer(ErrorDescriptor));
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OutputException">Standard output does not take it. Without standard error nobody can be told, and the exit code has to do.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = FileDescriptor.Write(_descriptor, buffer);
            if (written >= 0)
            {
                buffer = buffer[written..];
                continue;
            }
            switch (-written)
            {
                case Errno.Interrupted:
                    break;
                case Errno.Again:
                    // Shared with a program that made it non-blocking: the runtime's stream waits.
                    using (var waiting = _descriptor == OutputDescriptor ? Console.OpenStandardOutput() : Console.OpenStandardError())
                    {
                        waiting.Write(buffer);
                    }
                    return;
                case Errno.BrokenPipe:
                    IsOutputUnread |= _descriptor == OutputDescriptor;
                    return;
                default:
                    if (_descriptor == OutputDescriptor)
                    {
                        throw new OutputException(Errno.Text(written));
                    }
                    return;
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static StreamWriter Writer(int descriptor) => new(new StandardStream(descriptor), Console.OutputEncoding, bufferSize: 4096) { AutoFlush = true };
}
