using System.Runtime.CompilerServices;

// Every signature here is blittable; this keeps the runtime from generating a marshalling stub for any of them.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("Countersign.Native.Tests")]
