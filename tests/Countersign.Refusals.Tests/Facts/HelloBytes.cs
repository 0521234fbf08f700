using System.Buffers.Binary;

namespace Countersign.Refusals.Tests.Facts;

/// <summary>ClientHello messages for tests, extension by extension.</summary>
internal sealed class HelloBytes
{
    private readonly List<byte> _extensions = [];

    public int Version { get; init; } = 0x0303;
    public byte[] SessionId { get; init; } = [];
    public int[] Suites { get; init; } = [0x1301];

    public HelloBytes With(int kind, params byte[] content)
    {
        _extensions.AddRange([.. Word(kind), .. Word(content.Length), .. content]);
        return this;
    }

    /// <summary>A list of code points with its length before it.</summary>
    public HelloBytes WithPoints(int kind, params int[] points) => With(kind, [.. Word(2 * points.Length), .. points.SelectMany(Word)]);

    public HelloBytes WithVersions(params int[] versions) => With(43, [(byte)(2 * versions.Length), .. versions.SelectMany(Word)]);

    public HelloBytes WithProtocols(params byte[][] names)
    {
        byte[] list = [.. names.SelectMany(name => (byte[])[(byte)name.Length, .. name])];
        return With(16, [.. Word(list.Length), .. list]);
    }

    public HelloBytes WithName(string name)
    {
        var host = System.Text.Encoding.ASCII.GetBytes(name);
        return With(0, [.. Word(host.Length + 3), 0, .. Word(host.Length), .. host]);
    }

    public byte[] ToArray()
    {
        byte[] body =
        [
            .. Word(Version), .. new byte[32], (byte)SessionId.Length, .. SessionId, .. Word(2 * Suites.Length), .. Suites.SelectMany(Word), 1, 0,
            .. Word(_extensions.Count), .. _extensions,
        ];
        return [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    private static byte[] Word(int value)
    {
        var two = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
        return two;
    }
}
